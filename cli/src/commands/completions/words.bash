# Words of the specs: APIs, and for `call` operations, parameters and files.
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
    local IFS=$'\n'
    case "${seen[1]}:${#seen[@]}" in
        codegen:*|lint:*|mock:*|validate:2|openapi:2)
            if [[ -z "$skip" && "$word" != -* ]]; then
                COMPREPLY=($(specwright call "--complete=$word" 2>/dev/null))
                return
            fi ;;
    esac
    if [[ "${seen[1]}" != call || -n "$skip" || "$word" == -* ]]; then
        IFS=$' \t\n' _specwright "$@"
        return
    fi
    if [[ "$word" == *@* ]]; then
        COMPREPLY=($(compgen -f -- "${word##*@}"))
        compopt -o filenames 2>/dev/null
        # Bash replaces only what stands behind `@`, unless it is told not to.
        if [[ "$COMP_WORDBREAKS" != *@* ]]; then
            COMPREPLY=("${COMPREPLY[@]/#/@}")
        fi
        return
    fi
    COMPREPLY=($(specwright call "--complete=$word" "${seen[@]:2:2}" 2>/dev/null))
    # Bash replaces only what stands behind the last `=`.
    if [[ "$word" == *=* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%=*}="}")
    elif [[ "${COMPREPLY[0]}" == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F _specwright_words -o bashdefault -o default specwright
