using System.Text;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Parsing;

/// <summary>The table of names with texts made against it, and with one text after another.</summary>
public sealed class HostileNamesTests
{
    [Fact]
    public void Names_whose_quick_hashes_collide_are_told_apart()
    {
        // Thue-Morse strings over two letters collide under every multiplier. So do doubled words made of them.
        (string a, string b) = ("a", "b");
        for (int i = 0; i < 11; i++) (a, b) = (a + b, b + a);
        Assert.Equal(NameTable.Hash(a), NameTable.Hash(b));
        string[] names = [.. Enumerable.Range(0, 256).Select((bits) => string.Concat(Enumerable.Range(0, 8).Select((bit) => (bits >> bit & 1) == 0 ? a : b)))];

        var table = new NameTable();
        int[] numbers = [.. names.Select((name) => table.Find(name))];

        Assert.Equal(names.Length, numbers.Distinct().Count());
        for (int i = 0; i < names.Length; i++)
        {
            Assert.Equal(numbers[i], table.Find(names[i]));
            Assert.Equal(names[i], table.Text(numbers[i]));
        }
    }

    [Fact]
    public void Reserved_words_stay_reserved_among_a_hundred_thousand_names()
    {
        var source = new StringBuilder();
        for (int i = 0; i < 100_000; i++) source.Append('v').Append(i).Append(';');

        Assert.True(Parser.Parse(source + "if (a) b").Success);
        Assert.False(Parser.Parse(source + "if").Success);
        Assert.True(Parser.Parse("if (a) b; v1").Success);
    }

    [Fact]
    public void Declarations_of_one_text_are_unknown_to_the_next()
    {
        Assert.True(Parser.Parse("let a; { let b; var c }").Success);
        Assert.True(Parser.Parse("let a; let b; let c").Success);
        Assert.False(Parser.Parse("let a; (").Success);
        Assert.True(Parser.Parse("let a").Success);
    }

    [Fact]
    public async Task Texts_are_read_on_many_threads_at_once()
    {
        string[] sources = [.. Enumerable.Range(0, 64).Select((i) => $"let x{i} = {i}; function f{i}(a) {{ return a + x{i} }}")];

        await Parallel.ForAsync(0, 2_000, (i, _) =>
        {
            Assert.True(Parser.Parse(sources[i % sources.Length]).Success);
            return ValueTask.CompletedTask;
        });
    }
}
