# The words of `specwright call`: APIs, operations and parameters of the spec.
_specwright_words() {
    local line="${COMP_LINE:0:COMP_POINT}" it skip=""
    local word="${line##* }" seen=()
    for it in ${line% *}; do
        if [[ -n "$skip" ]]; then
            skip=""
            continue
        fi
        case "$it" in
            -o|--output|--task|--pages|--format|--base-url|--scheme|--timeout|--deadline|--retries|--project) skip=1 ;;
            -*) ;;
            *) seen+=("$it") ;;
        esac
    done
    if [[ "${seen[1]}" != call || -n "$skip" || "$word" == -* ]]; then
        _specwright "$@"
        return
    fi
    local IFS=$'\n'
    COMPREPLY=($(specwright call "--complete=$word" "${seen[@]:2:2}" 2>/dev/null))
    # Bash replaces only what stands behind the last `=`.
    if [[ "$word" == *=* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%=*}="}")
    elif [[ "${COMPREPLY[0]}" == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F _specwright_words -o bashdefault -o default specwright
