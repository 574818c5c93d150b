using System.Globalization;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Text;

public sealed class UnicodeIdentifierTests
{
    private const string Classify = """
        const start = /^[$_\p{ID_Start}]$/u, part = /^[$\u200C\u200D\p{ID_Continue}]$/u;
        let kinds = '';
        for (let point = 0; point < 0x110000; point++) {
          const character = String.fromCodePoint(point);
          kinds += (start.test(character) ? 1 : 0) + (part.test(character) ? 2 : 0);
        }
        process.stdout.write(kinds);
        """;

    [Fact]
    public async Task Every_code_point_is_in_names_what_the_engine_says()
    {
        string kinds = await PinnedNode.Run(Classify, "");

        Assert.Equal(0x110000, kinds.Length);
        for (int point = 0; point < 0x110000; point++)
        {
            int ours = (UnicodeIdentifier.IsStart(point) ? 1 : 0) + (UnicodeIdentifier.IsPart(point) ? 2 : 0);
            if (ours != kinds[point] - '0')
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"U+{point:X4} is {ours}, and {kinds[point]} to the engine"));
        }
    }

    [Theory]
    [InlineData('$', true, true)]
    [InlineData('_', true, true)]
    [InlineData('7', false, true)]
    [InlineData('-', false, false)]
    [InlineData(0x200C, false, true)]
    [InlineData(0x200D, false, true)]
    [InlineData(0x2118, true, true)]
    [InlineData(0x00B7, false, true)]
    [InlineData(0x1D49C, true, true)]
    [InlineData(0xE0100, false, true)]
    [InlineData(0xD800, false, false)]
    [InlineData(0x10FFFF, false, false)]
    public void Names_begin_and_go_on_with(int codePoint, bool start, bool part) =>
        Assert.Equal((start, part), (UnicodeIdentifier.IsStart(codePoint), UnicodeIdentifier.IsPart(codePoint)));
}
