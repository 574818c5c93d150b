using System.Text.Json;

namespace Enclave.FrontEndBench;

/// <summary>
/// Answers the requests of benchmarks/front-end.mjs. It alternates between this process and its
/// own acorn, so both run on the same machine at the same time.
/// </summary>
/// <remarks>Each line on stdin is one request, each line on stdout its answer:
/// <code>
/// { "do": "load", "name", "files": [{ "path", "goal" }] } -> { "nodes", "bytes", "refused" }    by other parsers
/// { "do": "parse", "name", "parser", "times" }            -> { "seconds", "allocated" }     of all files, so many times
/// { "do": "erase", "name", "times" }                      -> { "seconds", "characters" }    parsed and printed, so many times
/// { "do": "print", "name", "times" }                      -> { "seconds", "characters" }    of their trees, which are made before
/// { "do": "drop", "name" }                                -> { }
/// { "do": "guard", "source", "refused", "times" }       -> { "cold", "cached", "refused", "allocated" }
/// { "do": "shapes" }                                      -> { "names" }
/// { "do": "shape", "name", "length" }                     -> { "seconds", "allocated" }     the best of several
/// { "do": "bomb", "name", "parser", "length" }            -> { "seconds", "allocated", "refusal" }    once; it may end the process
/// </code>
/// </remarks>
internal static class EntryPoint
{
    private static readonly Contestant s_contestant = new();

    private static void Main()
    {
        while (Console.In.ReadLine() is { } line)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(Answer(JsonElement.Parse(line))));
            Console.Out.Flush();
        }
    }

    private static object Answer(JsonElement request)
    {
        string name = request.TryGetProperty("name", out JsonElement given) ? given.GetString()! : "";
        return request.GetProperty("do").GetString() switch
        {
            "load" => s_contestant.Load(name, request.GetProperty("files").EnumerateArray().Select(SourceFile.From)),
            "parse" => s_contestant.Parse(name, request.GetProperty("parser").GetString()!, request.GetProperty("times").GetInt32()),
            "erase" => s_contestant.Erase(name, request.GetProperty("times").GetInt32()),
            "print" => s_contestant.Print(name, request.GetProperty("times").GetInt32()),
            "drop" => s_contestant.Drop(name),
            "guard" => GuardContestant.Measure(
                request.GetProperty("source").GetString()!, request.GetProperty("refused").GetString()!, request.GetProperty("times").GetInt32()),
            "shapes" => Growth.Names(),
            "shape" => Growth.Measure(name, request.GetProperty("length").GetInt32()),
            "bomb" => Growth.Once(name, request.GetProperty("parser").GetString()!, request.GetProperty("length").GetInt32()),
            string other => throw new ArgumentException($"no such request: {other}"),
            null => throw new ArgumentException("a request needs \"do\""),
        };
    }
}
