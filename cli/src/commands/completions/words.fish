# Words of the specs: APIs, and for `call` operations and parameters.
function __specwright_words
    set -l seen
    set -l skip
    for it in (commandline -opc)
        if test -n "$skip"
            set skip
            continue
        end
        switch $it
            case -o --output --task --pages --format --base-url --scheme --timeout --deadline --retries --project
                set skip 1
            case '-*'
            case '*'
                set -a seen $it
        end
    end
    specwright call --complete=(commandline -ct) $seen[3..4] 2>/dev/null
end

complete -c specwright -n '__fish_seen_subcommand_from call' -a '(__specwright_words)'
complete -c specwright -n '__fish_seen_subcommand_from codegen lint mock validate openapi' -a '(specwright call --complete=(commandline -ct) 2>/dev/null)'
