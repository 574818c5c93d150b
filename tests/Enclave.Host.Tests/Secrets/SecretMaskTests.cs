using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Secrets;
using Enclave.Tests;

namespace Enclave.Host.Tests.Secrets;

/// <summary>What is found of a secret's value, and what is left as it was.</summary>
public sealed class SecretMaskTests
{
    private const string Secret = "pä$$-w0rd/with?odd&parts";

    private static readonly SecretMask s_mask = new([Secret, "short", "w0rd/with?odd"]);

    [Theory]
    [InlineData("it is pä$$-w0rd/with?odd&parts.", "it is ***.")]
    [InlineData("pä$$-w0rd/with?odd&partspä$$-w0rd/with?odd&parts", "******")]
    [InlineData("only w0rd/with?odd here", "only *** here")]
    [InlineData("?key=p%C3%A4%24%24-w0rd%2Fwith%3Fodd%26parts&x=1", "?key=***&x=1")]
    [InlineData("Basic cMOkJCQtdzByZC93aXRoP29kZCZwYXJ0cw==", "Basic ***")]
    [InlineData("short stays, and so does PÄ$$-W0RD/WITH?ODD&PARTS", "short stays, and so does PÄ$$-W0RD/WITH?ODD&PARTS")]
    public void A_value_is_found_in_text(string text, string expected) => Assert.Equal(expected, s_mask.Of(text));

    [Fact]
    public void What_has_nothing_of_it_is_the_same_value()
    {
        foreach (ScriptValue value in ValueGenerator.Many(seed: 7, TestSize.Of(500, full: 20_000))) Assert.Same(value, s_mask.Of(value));
    }

    [Fact]
    public void It_is_found_wherever_it_is_put()
    {
        var random = new Random(11);
        int put = 0;
        foreach (ScriptValue value in ValueGenerator.Many(seed: 8, TestSize.Of(500, full: 20_000)))
        {
            int places = 0;
            ScriptValue hiding = Hide(value, random, ref places);
            put += places;

            ScriptValue masked = s_mask.Of(hiding);

            Assert.False(Has(masked), $"it is still in {masked}");
            Assert.Equal(Count(hiding), Count(masked));
        }

        Assert.True(put > 100, $"{put} values were hidden");
    }

    [Fact]
    public void Nothing_is_sought_where_there_are_no_secrets()
    {
        var fault = new InvalidOperationException(Secret);

        Assert.Same(fault, SecretMask.Nothing.Of(fault));
        Assert.Equal(Secret, SecretMask.Nothing.Of(Secret));
    }

    [Fact]
    public void An_exception_tells_neither_by_itself_nor_by_what_is_within_it()
    {
        Exception outer;
        try
        {
            throw new InvalidOperationException("outside", new ArgumentException($"inside: {Secret}"));
        }
        catch (InvalidOperationException fault)
        {
            outer = s_mask.Of(fault);
        }

        Assert.DoesNotContain(Secret, outer.ToString(), StringComparison.Ordinal);
        Assert.Contains("inside: ***", outer.ToString(), StringComparison.Ordinal);
        // Who reads the log still sees where it was.
        Assert.Contains(nameof(An_exception_tells_neither_by_itself_nor_by_what_is_within_it), outer.ToString(), StringComparison.Ordinal);
        Assert.Null(outer.InnerException);
    }

    [Fact]
    public void A_tools_own_failure_keeps_its_form()
    {
        ToolException masked = s_mask.Of(new ToolException($"no {Secret}", new InvalidOperationException(Secret)) { Name = $"N{Secret}", Code = $"C{Secret}" });

        Assert.Equal(("no ***", "N***", "C***"), (masked.Message, masked.Name, masked.Code));
        Assert.DoesNotContain(Secret, masked.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The same value with the secret in one of its texts or bytes, or in the name of a member.</summary>
    private static ScriptValue Hide(ScriptValue value, Random random, ref int places)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.String:
                places++;
                return ScriptValue.OfString(value.AsString() + Secret + value.AsString());
            case ScriptValueKind.Bytes:
                places++;
                return ScriptValue.OfBytes([.. value.AsBytes().Span, .. Encoding.UTF8.GetBytes(Secret), 7]);
            case ScriptValueKind.Array:
                var items = new ScriptValue[value.Count];
                for (int i = 0; i < items.Length; i++) items[i] = Hide(value[i], random, ref places);
                return ScriptValue.OfArray(items);
            case ScriptValueKind.Object:
                var members = new PropertyTable.Builder(value.Count);
                int number = 0;
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    bool inName = random.Next(4) == 0;
                    if (inName) places++;
                    members.Set(inName ? $"{key}{Secret}{number++}" : key, Hide(member, random, ref places));
                }

                return ScriptValue.OfObject(members.Build());
            default: return value;
        }
    }

    private static bool Has(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.String => value.AsString().Contains(Secret, StringComparison.Ordinal),
        ScriptValueKind.Bytes => value.AsBytes().Span.IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0,
        ScriptValueKind.Array => value.Items.Any(Has),
        ScriptValueKind.Object => value.Properties.Any((member) => member.Key.Contains(Secret, StringComparison.Ordinal) || Has(member.Value)),
        _ => false,
    };

    private static int Count(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Array => 1 + value.Items.Sum(Count),
        ScriptValueKind.Object => 1 + value.Properties.Sum((member) => Count(member.Value)),
        _ => 1,
    };
}
