using System.Buffers;
using System.Text;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Tests.Codec;
using Enclave.Protocol.Tests.NpmInterop;
using Enclave.Protocol.Values;
using Enclave.Tests;
using FsCheck;
using FsCheck.Fluent;

namespace Enclave.Protocol.Tests.Values;

public sealed class RoundTripTests
{
    [Fact]
    public void Every_value_survives_the_wire_and_has_one_form()
    {
        foreach (ScriptValue value in ValueGenerator.Many(77, TestSize.Of(10_000, 200_000)))
        {
            byte[] bytes = ScriptValueCodec.Encode(value);
            ScriptValue read = ScriptValueCodec.Decode(new(bytes), ValueLimits.Widest);
            if (!value.Equals(read) || value.GetHashCode() != read.GetHashCode()) Assert.Fail($"{value} came back as {read}");
            // Equality treats -0 as 0 and ignores the order of keys; the bytes do not.
            Assert.Equal(bytes, ScriptValueCodec.Encode(read));
            Assert.Equal(Description.Of(value), Description.Of(read));
        }
    }

    [Fact]
    public void An_object_is_written_as_the_value_that_is_made_of_it()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (ScriptValue value in ValueGenerator.Many(79, TestSize.Of(10_000, 200_000)))
        {
            object? plain = PlainObjects.Of(value);
            output.ResetWrittenCount();
            ScriptValueCodec.WriteObject(new MessagePackWriter(output), plain);
            Assert.Equal(ScriptValueCodec.Encode(ScriptValue.From(plain)), output.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public void Every_value_survives_segments()
    {
        var random = new Random(5);
        foreach (ScriptValue value in ValueGenerator.Many(78, 1000))
        {
            byte[] bytes = ScriptValueCodec.Encode(value);
            ReadOnlySequence<byte> pieces = Encoded.Segmented(bytes, random.Next(bytes.Length + 1), random.Next(20), random.Next(20));
            Assert.Equal(bytes, ScriptValueCodec.Encode(ScriptValueCodec.Decode(pieces, ValueLimits.Widest)));
            Assert.Equal(bytes, RichFrame.Raw(pieces));
        }
    }

    [Fact]
    public void Every_string_survives() => Survives(ArbMap.Default.ArbFor<string?>(), text => ScriptValue.From(text));

    [Fact]
    public void Every_double_survives() => Survives(ArbMap.Default.ArbFor<double>(), number => ScriptValue.From(number));

    [Fact]
    public void Every_long_survives() => Survives(ArbMap.Default.ArbFor<long>(), number => ScriptValue.From(number));

    [Fact]
    public void Every_BigInteger_survives() => Survives(ArbMap.Default.ArbFor<System.Numerics.BigInteger>(), number => ScriptValue.From(number));

    [Fact]
    public void Every_date_survives() => Survives(ArbMap.Default.ArbFor<DateTimeOffset>(), date => ScriptValue.From(date));

    [Fact]
    public void Every_dictionary_of_lists_survives() =>
        Survives(
            ArbMap.Default.ArbFor<Dictionary<Guid, int[]>>(),
            map => ScriptValue.From(map.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value)),
            usual: 150);

    [Fact]
    public void Every_sequence_of_code_units_survives() => Survives(
        Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 0x7f), Gen.Choose(0xd7f0, 0xe010), Gen.Choose(0, 0xffff))).ToArbitrary(),
        units => ScriptValue.From(new string([.. units.Select(unit => (char)unit)])));

    [Fact]
    public void Well_formed_is_what_strict_utf8_takes()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        foreach (ScriptValue value in ValueGenerator.Many(79, 5000).Where(value => value.Kind == ScriptValueKind.String))
        {
            string text = value.AsString();
            bool takes;
            try
            {
                _ = strict.GetByteCount(text);
                takes = true;
            }
            catch (EncoderFallbackException)
            {
                takes = false;
            }

            Assert.Equal(takes, Utf16.IsWellFormed(text));
        }
    }

    private static void Survives<T>(Arbitrary<T> arbitrary, Func<T, ScriptValue> convert, int usual = 500) =>
        Prop.ForAll(arbitrary, input =>
        {
            ScriptValue value = convert(input);
            byte[] bytes = ScriptValueCodec.Encode(value);
            ScriptValue read = ScriptValueCodec.Decode(new(bytes), ValueLimits.Widest);
            return read.Equals(value) && Description.Of(read) == Description.Of(value) && ScriptValueCodec.Encode(read).AsSpan().SequenceEqual(bytes);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(TestSize.Of(usual, 10_000)).WithReplay(20261120, 7));
}
