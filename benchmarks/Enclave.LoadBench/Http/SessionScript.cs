using System.Globalization;

namespace Enclave.LoadBench.Http;

/// <summary>A script by what it does.</summary>
/// <param name="ToolCalls">Calls of a tool that answers a number, one after another.</param>
/// <param name="Lines">Lines on the console.</param>
internal readonly record struct SessionScript(int ToolCalls, int Lines)
{
    public string Code
    {
        get
        {
            if (ToolCalls == 0 && Lines == 0) return "return 1 + 1";
            string calls = ToolCalls == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"for (let i = 0; i < {ToolCalls}; i++) sum += await callTool('three', {{}}); ");
            string lines = Lines == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"for (let i = 0; i < {Lines}; i++) console.log('line ' + i); ");
            return $"let sum = 0; {calls}{lines}return sum";
        }
    }
}
