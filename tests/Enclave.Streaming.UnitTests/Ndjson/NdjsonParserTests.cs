using System.Text;

namespace Enclave.Streaming.Tests.Ndjson;

public sealed class NdjsonParserTests
{
    private const string First = """{"protocolVersion":2,"sessionId":"s_1","seq":1,"type":"stdout","payload":{"chunk":"漢字😀"}}""";
    private const string Second = """{"protocolVersion":2,"sessionId":"s_1","seq":2,"type":"final","payload":{"ok":true}}""";

    [Fact]
    public void Lines_may_be_split_anywhere()
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"\ufeff{First}\r\n \t\u00a0\n{{bad\n{Second}");
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var parser = new NdjsonParser(EventTolerance.Exact);
            List<NdjsonLine> lines = [.. parser.All(bytes.AsMemory(0, cut)), .. parser.All(bytes.AsMemory(cut))];
            Assert.True(parser.TryEnd(out NdjsonLine last));
            lines.Add(last);
            Assert.Equal([1L, null, 2L], lines.Select((line) => line.Event?.Seq));
            Assert.Equal(new NdjsonProblem(3, lines[1].Problem!.Error, "{bad"), lines[1].Problem);
            Assert.Equal("漢字😀", Assert.IsType<Stdout>(lines[0].Event!.Payload).Chunk);
            Assert.Equal(4, parser.Lines);
        }
    }

    [Fact]
    public void One_byte_at_a_time_is_enough()
    {
        var parser = new NdjsonParser(EventTolerance.Exact);
        byte[] bytes = Encoding.UTF8.GetBytes($"{First}\n{Second}\n");
        Assert.Equal([1, 2], bytes.SelectMany((one) => parser.All(new[] { one })).Select((line) => line.Event!.Seq));
        Assert.False(parser.TryEnd(out _));
    }

    [Fact]
    public void A_line_of_the_longest_length_is_read_and_a_longer_one_is_told_once()
    {
        int length = Encoding.UTF8.GetByteCount(First);
        var parser = new NdjsonParser(EventTolerance.Exact, length);
        Assert.NotNull(Assert.Single(parser.All(Encoding.UTF8.GetBytes(First + "\n"))).Event);
        NdjsonLine told = Assert.Single(parser.All(Encoding.UTF8.GetBytes(First + " and more")));
        Assert.Equal(2, told.Problem!.Line);
        Assert.StartsWith("Line too long", told.Problem.Error, StringComparison.Ordinal);
        Assert.Equal($"{First} and more", told.Problem.Content);
        Assert.True(parser.IsPending);
        Assert.Empty(parser.All(Encoding.UTF8.GetBytes(First)));
        Assert.NotNull(Assert.Single(parser.All(Encoding.UTF8.GetBytes("\n" + Second + "\n"))).Event);
        Assert.Equal(3, parser.Lines);
    }

    [Fact]
    public void A_line_without_end_costs_no_memory_beyond_the_longest_line()
    {
        const int longest = 64 * 1024;
        var parser = new NdjsonParser(EventTolerance.Exact, longest);
        byte[] piece = new byte[16 * 1024];
        piece.AsSpan().Fill((byte)'x');
        int problems = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 10_000; round++)
        {
            ReadOnlyMemory<byte> bytes = piece;
            while (parser.TryRead(ref bytes, out _)) problems++;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1, problems);
        Assert.True(allocated < longest * 8, $"{allocated} bytes were allocated for a longest line of {longest}");
    }

    [Fact]
    public void A_tail_of_a_line_that_was_too_long_is_no_line()
    {
        var parser = new NdjsonParser(EventTolerance.Exact, 10);
        Assert.Single(parser.All(Encoding.UTF8.GetBytes(First)));
        Assert.True(parser.IsPending);
        Assert.False(parser.TryEnd(out _));
        Assert.Equal(1, parser.Lines);
        Assert.False(parser.IsPending);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void The_shown_part_of_a_line_is_cut_at_100_characters(int length, bool isCut)
    {
        NdjsonProblem problem = Assert.Single(NdjsonText.Lines(new string('漢', length))).Problem!;
        Assert.Equal(new string('漢', 100) + (isCut ? "..." : ""), problem.Content);
    }

    [Fact]
    public void The_shown_part_of_a_line_ends_between_characters()
    {
        NdjsonProblem problem = Assert.Single(NdjsonText.Lines(new string('x', 99) + "😀x")).Problem!;
        Assert.Equal(new string('x', 99) + "...", problem.Content);
    }

    [Fact]
    public void Bytes_at_random_never_throw()
    {
        var random = new Random(11);
        var parser = new NdjsonParser(EventTolerance.Peers, 200);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            foreach (NdjsonLine line in parser.All(bytes)) Assert.NotNull(line.Problem);
        }
    }

    [Fact]
    public void A_longest_line_is_a_length() => Assert.Throws<ArgumentOutOfRangeException>(() => new NdjsonParser(EventTolerance.Exact, 0));
}
