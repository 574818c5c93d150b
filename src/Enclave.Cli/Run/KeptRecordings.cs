using System.CommandLine;
using Enclave.Cli.Options;

namespace Enclave.Cli.Run;

/// <summary>The option that keeps recordings, of every command that runs scripts with a store.</summary>
internal static class KeptRecordings
{
    private const string OnFailure = "on-failure", Always = "always";

    public static Option<string?> Option() => OptionFactory.Completed(
        OptionFactory.Object(
            "--keep-recordings", "WHEN",
            "Keep a recording of the run in --store, for enclave replay ID: on-failure or always. Its id is printed to standard error.",
            $"{OnFailure} or {Always}",
            static (string text, out string when) => (when = text) is OnFailure or Always),
        [OnFailure, Always]);

    public static KeepRecordings When(KeepRecordings recordings, string when)
    {
        recordings.Always = when == Always;
        return recordings;
    }
}
