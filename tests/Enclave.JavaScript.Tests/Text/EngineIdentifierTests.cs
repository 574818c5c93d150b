using System.Globalization;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Tests.Text;

public sealed class EngineIdentifierTests
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
}
