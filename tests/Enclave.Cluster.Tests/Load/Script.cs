using Enclave.Cluster.Tests.Servers;

namespace Enclave.Cluster.Tests.Load;

/// <summary>
/// A script of the load. Each call carries the session's nonce and the step, and the answers are returned
/// in order: a second run shows, and so does a misrouted answer.
/// </summary>
internal static class Script
{
    /// <summary>The step that the client never answers.</summary>
    public const int Unanswered = 99;

    public static string Of(ScriptKind kind, string nonce, Random random)
    {
        string body = kind switch
        {
            ScriptKind.Plain => "",
            ScriptKind.Console => $"{Lines(random)} t.push({Step("1")}); {Lines(random)}",
            ScriptKind.Calls => $"for (let i = 1; i <= {random.Next(2, 7)}; i++) t.push({Step("i")});",
            ScriptKind.SideBySide => $"const more = await parallel([1, 2, 3, 4].map((i) => () => {Call("i")})); for (const one of more) t.push(one);",
            ScriptKind.Loop => $"let x = 1; for (let r = 0; r < {random.Next(3, 9)}; r++) {{ for (let i = 0; i < 900; i++) {{ x = (x * 31 + i) % 1000003; " +
            $"}} console.log('round', r, x); t.push({Step("r + 1")}); }}",
            ScriptKind.Slow => $"t.push({Step("1", random.Next(800, 2500))});",
            ScriptKind.Noted => $"await callTool('{ClusterProcess.Note}', {{ nonce: '{nonce}', step: 50 }}); t.push({Step("1")});",
            ScriptKind.Throws => "console.log('about to throw'); throw new Error('as planned');",
            ScriptKind.Cancelled => $"t.push({Step($"{Unanswered}")});",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        return $"const t = [{Step("0")}]; {body} return t";

        string Step(string step, int wait = 0) => $"await {Call(step, wait)}";
        string Call(string step, int wait = 0) => $"callTool('{ClusterProcess.Tool}', {{ nonce: '{nonce}', step: {step}, wait: {wait} }})";
    }

    private static string Lines(Random random) =>
        $"for (let i = 0; i < {random.Next(3, 25)}; i++) console.log('line', i, '{new string('x', random.Next(0, 80))}é');";
}
