using System.Globalization;

namespace Enclave.LoadBench.Http;

/// <summary>A script, described by its work.</summary>
/// <param name="ToolCalls">Calls of a tool that returns a number, one after another.</param>
/// <param name="Lines">Console lines.</param>
internal readonly record struct SessionScript(int ToolCalls, int Lines)
{
    public string Code
    {
        get
        {
            if (ToolCalls == 0 && Lines == 0) return "return 1 + 1";
            string calls = ToolCalls == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"for (let i = 0; i < {ToolCalls}; i++) sum += await callTool('three', {{}}); ");
            string lines = Lines == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"for (let i = 0; i < {Lines}; i++) console.log('line ' + i); ");
            return $"let sum = 0; {calls}{lines}return sum";
        }
    }
}
