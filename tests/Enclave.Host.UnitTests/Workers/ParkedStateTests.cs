using System.Buffers.Binary;
using Enclave.Workers;
using Enclave.Workers.Comparison;

namespace Enclave.Host.Tests;

/// <summary>Which states of runs that left their workers have a form that a worker may send.</summary>
public sealed class ParkedStateTests
{
    private const long Job = 7, Heap = 0x5000_0000, Break = Heap + 0x21000, New = 0x7000_0000_0000, Data = 0x6000_0000;

    private static readonly PageRange[] s_mapped = [new(0x4000_0000, 0x4010_0000), new(Heap, Heap + 0x20000), new(Data, Data + 0x10000)];

    [Fact]
    public void A_state_with_new_memory_a_larger_heap_and_written_pages_is_right()
    {
        Assert.Null(FaultOf(State(fresh: [(New, New + 0x1000, 3)], changed: [(Data, Data + 0x1000, 0), (Data, Data + 0x1000, -1)], pieces:
            [(Data + 8, 4), (Heap + 0x1fff8, 2), (New, 512), (Data + 8, 1)])));
        Assert.Null(FaultOf(State()));
    }

    [Theory]
    [InlineData(Data + 0x10000 - 8, 2L)]
    [InlineData(0x1000L, 1L)]
    [InlineData(0L, 1L)]
    [InlineData(-8L, 2L)]
    [InlineData(Break + 0xfff, 1L)]
    [InlineData(Break + 0x1000, 1L)]
    [InlineData(New + 0x1000, 1L)]
    [InlineData(Data + 4, 1L)]
    [InlineData(0x7fff_ffff_fff8, 1L)]
    public void A_piece_outside_of_the_memory_of_a_run_is_refused(long address, long words) =>
        Assert.Contains("writes at", FaultOf(State(fresh: [(New, New + 0x1000, 3)], pieces: [(address, words)])), StringComparison.Ordinal);

    [Theory]
    [InlineData(Data, Data + 0x1000, 3L, "over the nursery's")]
    [InlineData(New, New, 3L, "a part at")]
    [InlineData(New + 0x2000, New, 3L, "a part at")]
    [InlineData(New + 8, New + 0x1000, 3L, "a part at")]
    [InlineData(New, New + 0x1000, 8L, "protection 8")]
    [InlineData(New, New + 0x1000, -1L, "protection -1")]
    [InlineData(0L, 0x1000L, 3L, "a part at")]
    [InlineData(New, long.MaxValue - 0xfff, 3L, "a part at")]
    public void New_memory_that_no_worker_can_map_is_refused(long begin, long end, long protection, string why) =>
        Assert.Contains(why, FaultOf(State(fresh: [(begin, end, protection)])), StringComparison.Ordinal);

    [Fact]
    public void New_memory_that_is_named_twice_is_refused() =>
        Assert.Contains("twice", FaultOf(State(fresh: [(New, New + 0x2000, 3), (New + 0x1000, New + 0x3000, 3)])), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 8L, "is one of job 8")]
    [InlineData(21, 0x7000_0000_0000, "program break")]
    [InlineData(21, -1L, "program break")]
    [InlineData(22, -1L, "new parts")]
    [InlineData(22, 1L << 40, "new parts")]
    [InlineData(22, 8000L, "is cut")]
    [InlineData(23, 257L, "changed ones")]
    [InlineData(25, -1L, "a piece of -1 words")]
    [InlineData(25, long.MaxValue, "a piece of")]
    [InlineData(25, 0L, "a piece of 0 words")]
    public void A_head_that_contradicts_the_state_is_refused(int word, long value, string why)
    {
        byte[] state = State(pieces: [(Data, 3)]);
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(word * 8), value);

        Assert.Contains(why, FaultOf(state), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_is_cut_anywhere_is_refused()
    {
        byte[] state = State(fresh: [(New, New + 0x1000, 3)], pieces: [(Data, 3)]);

        for (int length = 0; length < state.Length; length++)
        {
            // After its last part and before its first piece it is whole.
            if (length != state.Length - 40) Assert.NotNull(FaultOf(state[..length]));
        }
    }

    [Fact]
    public void Without_an_image_of_the_nursery_the_form_alone_is_checked()
    {
        byte[] state = State(pieces: [(0x1234_0000, 1)]);

        Assert.NotNull(FaultOf(state));
        Assert.Null(new ParkedState(null).FindFault(state, (ulong)Job));
    }

    private static string? FaultOf(byte[] state) => new ParkedState(s_mapped).FindFault(state, (ulong)Job);

    /// <summary>The words of a state: the run's own part, the checkpoint's random number, the program break, parts, pieces.</summary>
    private static byte[] State(
        (long Begin, long End, long Protection)[]? fresh = null, (long Begin, long End, long Protection)[]? changed = null,
        (long Address, long Words)[]? pieces = null)
    {
        List<long> words = [Job, .. new long[18], 1, 2, Break, fresh?.Length ?? 0, changed?.Length ?? 0];
        foreach ((long begin, long end, long protection) in (fresh ?? []).Concat(changed ?? [])) words.AddRange([begin, end, protection]);
        foreach ((long address, long count) in pieces ?? []) words.AddRange([address, count, .. new long[count]]);
        byte[] state = new byte[words.Count * 8];
        for (int i = 0; i < words.Count; i++) BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(i * 8), words[i]);
        return state;
    }
}
