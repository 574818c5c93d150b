namespace Enclave.Outcomes;

/// <summary>Console levels by the name of their method.</summary>
internal static class ConsoleMethods
{
    private static readonly string[] s_names = ["log", "info", "warn", "error", "debug"];

    public static string NameOf(ConsoleLevel level) => s_names[(int)level];

    public static ConsoleLevel? Find(string name) => Array.IndexOf(s_names, name) is >= 0 and var level ? (ConsoleLevel)level : null;
}
