using System.Text;
using System.Text.Json;
using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.FrontEndBench;

/// <summary>The text of a file in memory, and its language.</summary>
/// <param name="Bytes">Its length in UTF-8, which is the measure for both contestants.</param>
internal sealed record SourceFile(string Path, string Text, int Bytes, ParserOptions Options)
{
    private static readonly ParserOptions s_script = new() { Edition = LanguageEdition.Latest };
    private static readonly ParserOptions s_module = s_script with { Goal = SourceGoal.Module };

    private static readonly ParserOptions s_typed = s_module with { Language = SourceLanguage.TypeScript };

    public static SourceFile From(JsonElement file)
    {
        string path = file.GetProperty("path").GetString()!;
        byte[] bytes = File.ReadAllBytes(path);
        return new(path, Encoding.UTF8.GetString(bytes), bytes.Length, OptionsFor(file.GetProperty("goal").GetString()!));
    }

    private static ParserOptions OptionsFor(string goal) => goal switch
    {
        "module" => s_module,
        "typed" => s_typed,
        _ => s_script,
    };

    public Program Parse() => Parser.Parse(Text, Options) is { Success: true } result ? result.Program : throw new InvalidDataException($"{Path} is refused");
}
