using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Enums and parameter properties: what is printed does the same as what the compiler writes.</summary>
public sealed class CompilerOutputTests
{
    private static readonly ParserOptions s_typed =
        new() { Goal = SourceGoal.Script, Language = SourceLanguage.TypeScript, Mode = LanguageMode.Strict };

    [Theory]
    [InlineData("enum A { X = 1, Y } log(A, A[1], A.Y); enum A { Z = 'z', W = Y + 3 } log(A);")]
    [InlineData("for (let i = 0; i < 2; i++) { enum E { A = next(), B = 5 } log(E); E.A; } ")]
    [InlineData("enum Outer { A = next(), B = (() => { enum Inner { C = A + 1, D = text().length } log(Inner); return Inner.C })() } log(Outer);")]
    [InlineData("const a = 1, b = a + 1, c = `${b}`; enum E { A = b, B, C = c, D = NaN } log(E);")]
    [InlineData("enum E { A = 0x10, B = 1e3, C = 0.5, D = -0.25, F = 1e21, G = 1e-7, H = 2 ** 31, I = 1 << 31, J = -1 >>> 0, K = 7 % -2 } log(E);")]
    [InlineData("function f() { return E.B } enum E { A, B = 4 } log(f(), typeof E, E['A'], E[E.B]);")]
    [InlineData("class A { constructor(private x: number, protected y = x + 1) { log(this) } } new A(1); class B extends A { constructor(readonly z: string) " +
        "{ log('b'); super(z.length); log(this) } } log(new B('abc'));")]
    [InlineData("class S { constructor(public on = true) { log(arguments.length, new.target === S); this.on = !this.on } f = this.on } log(new S());")]
    public void Programs_do_what_the_compilers_output_does(string source) => Compare([source]);

    [Fact]
    public void Generated_programs_do_what_the_compilers_output_does() =>
        Compare([.. Enumerable.Range(0, TestSize.Of(500, 10_000)).Select(EnumProgram.Of)]);

    [Fact]
    public void Names_in_values_mean_what_they_mean_to_the_compiler() =>
        Compare([.. Enumerable.Range(0, TestSize.Of(500, 10_000)).Select(EnumNameProgram.Of).Where((source) => !IsRefused(source))]);

    // The compiler writes the text of a member whose enum a variable hides. We refuse such a value, and say so.
    private static bool IsRefused(string source) =>
        Parser.Parse(source, s_typed).Error is { } error && error.ToString().Contains("has another meaning here: write the value", StringComparison.Ordinal);

    private static void Compare(IReadOnlyList<string> sources)
    {
        Compiler.SkipIfMissing();
        string[] lines = [.. sources.Select((source) => $"{Encode(source)} {Encode(Printed(source))}")];
        JsonElement[] said =
            [.. NodeScript.Lines([NodeScript.Oracle("typescript-values.mjs"), Compiler.Folder], lines).Select((line) => JsonElement.Parse(line))];

        Assert.Equal(sources.Count, said.Length);
        List<string> wrong = [];
        for (int i = 0; i < said.Length; i++)
        {
            string theirs = said[i].GetProperty("theirs").GetString()!, ours = said[i].GetProperty("ours").GetString()!;
            if (theirs != ours) wrong.Add($"{sources[i]}\ntheirs: {theirs}\nours:   {ours}\n{Printed(sources[i])}");
            // A value may throw, in both.
            Assert.StartsWith("[", theirs, StringComparison.Ordinal);
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {said.Length} differ\n{string.Join("\n\n", wrong.OrderBy((one) => one.Length).Take(5))}");
    }

    private static string Printed(string source)
    {
        ParseResult result = Parser.Parse(source, s_typed);
        Assert.True(result.Success, $"{result.Error?.Show(source)}\n{source}");
        return Printer.Print(result.Program);
    }

    private static string Encode(string text) => Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan()));
}
