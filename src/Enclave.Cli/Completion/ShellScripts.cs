namespace Enclave.Cli.Completion;

/// <summary>The completion scripts of shells. They ask the command itself, so that options are defined only once.</summary>
internal static class ShellScripts
{
    /// <summary>
    /// If there is no suggestion, files are completed, as is bash's default. Words are compared without expanding them: nothing on the line is executed.
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

    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script of a shell; null for an unknown shell.</summary>
    public static string? Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => null,
    };
}
