# The words of `specwright call`: APIs, operations and parameters of the spec.
_specwright_words() {
    local -a seen found
    local it skip=""
    for it in $words[1,CURRENT-1]; do
        if [[ -n $skip ]]; then
            skip=""
            continue
        fi
        case $it in
            -o|--output|--task|--pages|--format|--base-url|--scheme|--timeout|--deadline|--retries|--project) skip=1 ;;
            -*) ;;
            *) seen+=($it) ;;
        esac
    done
    if [[ $seen[2] != call || -n $skip || $words[CURRENT] == -* ]]; then
        _specwright "$@"
        return
    fi
    found=(${(f)"$(specwright call --complete=$words[CURRENT] $seen[3,4] 2>/dev/null)"})
    if [[ $found[1] == *= ]]; then
        compadd -Q -S '' -- $found
    elif (( $#found )); then
        compadd -Q -- $found
    else
        _files
    fi
}

compdef _specwright_words specwright
