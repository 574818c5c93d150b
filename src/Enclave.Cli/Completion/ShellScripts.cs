namespace Enclave.Cli.Completion;

/// <summary>A script for each shell. All of them ask the command itself, and so know its options without being written again.</summary>
internal static class ShellScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>Null for a shell that is not known.</summary>
    public static string? Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => null,
    };

    /// <summary>
    /// Files are completed where there is nothing else: bash's own default. The words are compared and not expanded: nothing of a line is run.
    /// </summary>
    private const string Bash = """
        _enclave() {
          local line="${COMP_LINE:0:COMP_POINT}" found
          local word="${line##* }"
          COMPREPLY=()
          while IFS= read -r found; do
            [[ "$found" == "$word"* ]] || continue
            # An equals sign begins a word of its own where COMP_WORDBREAKS says so.
            [[ "$word" != *=* || "$COMP_WORDBREAKS" != *=* ]] || found="${found#*=}"
            COMPREPLY+=("$found")
          done < <("${COMP_WORDS[0]}" "[suggest]" "enclave${line#"${COMP_WORDS[0]}"}" 2>/dev/null)
        }
        complete -o default -F _enclave enclave
        """;

    private const string Zsh = """
        #compdef enclave
        _enclave() {
          local line="enclave ${(j: :)words[2,CURRENT]}"
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest]" "$line" 2>/dev/null)}")
          if (( ${#found} > 0 )) && [[ -n "${found[1]}" ]]; then
            compadd -- "${found[@]}"
          else
            _files
          fi
        }
        compdef _enclave enclave
        """;

    private const string Fish = """
        function __enclave_complete
            set -l words (commandline -opc) (commandline -ct)
            set -l line "enclave "(string join ' ' -- $words[2..-1])
            $words[1] "[suggest]" $line 2>/dev/null
        end
        complete -c enclave -a '(__enclave_complete)'
        """;
}
