# Words of the specs: APIs, and for `call` operations, parameters and files.
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
    if [[ -z $skip && $words[CURRENT] != -* ]]; then
        case $seen[2]:$#seen in
            codegen:*|lint:*|mock:*|validate:2|openapi:2)
                found=(${(f)"$(specwright call --complete=$words[CURRENT] 2>/dev/null)"})
                compadd -Q -- $found
                return ;;
            call:*)
                if [[ $words[CURRENT] == *@* ]]; then
                    compset -P '*@'
                    _files
                    return
                fi ;;
        esac
    fi
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
