using System.Text.Json;
using Enclave.Benchmarks;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Microsoft.ClearScript.V8;

namespace Enclave.DotNetPeers;

/// <summary>Small expressions as applications evaluate them with these libraries: in their own process, inputs as JSON text.</summary>
internal static class ExpressionPeers
{
    public const string Verb = "--expressions";

    // A new engine takes longer: fewer inputs show it as well.
    private const int Few = 2000;

    public static async Task RunAsync()
    {
        Expressions given = await Expressions.ReadAsync();
        string[] texts = [.. given.Inputs.Select((input) => input.GetRawText())];
        await given.MeasureAsync("jint, one engine", texts.Length, (count) => Task.FromResult(WithOneJint(given.Code, texts, count)));
        await given.MeasureAsync("jint, an engine each", Few, (count) => Task.FromResult(WithManyJints(given.Code, texts, count)));
        await given.MeasureAsync("clearscript, one engine", texts.Length, (count) => Task.FromResult(WithOneClearScript(given.Code, texts, count)));
    }

    private static string FunctionOf(string code) => $"(function (input) {{ 'use strict'; {code} }})";

    private static double WithOneJint(string code, string[] texts, int count)
    {
        using var engine = new Engine(Limit);
        JsValue function = engine.Evaluate(FunctionOf(code));
        var parser = new JsonParser(engine);
        double sum = 0;
        for (int i = 0; i < count; i++) sum += engine.Invoke(function, parser.Parse(texts[i])).AsNumber();
        return sum;
    }

    private static double WithManyJints(string code, string[] texts, int count)
    {
        Prepared<Acornima.Ast.Script> script = Engine.PrepareScript(FunctionOf(code));
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            using var engine = new Engine(Limit);
            sum += engine.Invoke(engine.Evaluate(script), new JsonParser(engine).Parse(texts[i])).AsNumber();
        }

        return sum;
    }

    private static void Limit(Options options)
    {
        options.LimitMemory(64 << 20);
        options.TimeoutInterval(TimeSpan.FromSeconds(5));
    }

    private static double WithOneClearScript(string code, string[] texts, int count)
    {
        using var engine = new V8ScriptEngine();
        dynamic function = engine.Evaluate($"(text) => ({FunctionOf(code)})(JSON.parse(text))");
        double sum = 0;
        for (int i = 0; i < count; i++) sum += Convert.ToDouble(function(texts[i]));
        return sum;
    }
}
