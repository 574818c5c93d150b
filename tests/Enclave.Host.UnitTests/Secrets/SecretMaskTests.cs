using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Secrets;
using Enclave.Tests;

namespace Enclave.Host.Tests.Secrets;

/// <summary>The forms of a secret's value that are found, and the texts that stay unchanged.</summary>
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
    [InlineData("?key=p%c3%a4%24%24-w0rd%2fwith%3fodd%26parts&x=1", "?key=***&x=1")]
    [InlineData("mixed p%C3%a4%24$-w0rd/with%3Fodd%26parts.", "mixed ***.")]
    [InlineData("all %70%C3%A4%24%24%2D%77%30%72%64%2F%77%69%74%68%3F%6F%64%64%26%70%61%72%74%73", "all ***")]
    [InlineData("latin p%E4%24%24-w0rd%2Fwith%3Fodd%26parts.", "latin ***.")]
    [InlineData("twice p%25C3%25A4%2524%2524-w0rd%252Fwith%253Fodd%2526parts.", "twice ***.")]
    [InlineData("json p\\u00e4$$-w0rd\\/with?odd\\u0026parts.", "json ***.")]
    [InlineData("json p\\u00E4$$-w0rd/with?odd\\u0026parts.", "json ***.")]
    [InlineData("json twice p\\\\u00E4$$-w0rd\\\\/with?odd&parts.", "json twice ***.")]
    [InlineData("script p\\xe4$$-w0rd/with?odd\\x26parts.", "script ***.")]
    [InlineData("html p&#228;$$-w0rd/with?odd&amp;parts.", "html ***.")]
    [InlineData("html p&auml;$$-w0rd&#x2F;with?odd&#x26;parts.", "html ***.")]
    [InlineData("html in json p\\u0026#xE4;$$-w0rd/with?odd\\u0026amp;parts.", "html in json ***.")]
    [InlineData("html twice p&amp;auml;$$-w0rd/with?odd&amp;amp;parts.", "html twice ***.")]
    [InlineData("base64 cMOkJCQtdzByZC93aXRoP29kZCZwYXJ0cw.", "base64 ***.")]
    [InlineData("Basic dXNlcjpww6QkJC13MHJkL3dpdGg_b2RkJnBhcnRz", "Basic dXNlcj***")]
    [InlineData("Basic dXNlcjpww6QkJC13MHJkL3dpdGg%2Fb2RkJnBhcnRz", "Basic dXNlcj***")]
    [InlineData("hex 70c3a424242d773072642f776974683f6f64642670617274730a", "hex ***0a")]
    [InlineData("HEX 70C3A424242D773072642F776974683F6F6464267061727473.", "HEX ***.")]
    [InlineData("pem cMOkJCQtdzBy\nZC93aXRo\nP29kZCZwYXJ0cw==\nend", "pem ***\nend")]
    [InlineData("mail cMOkJCQtdzBy\r\nZC93aXRo\r\nP29kZCZwYXJ0cw==\r\nend", "mail ***\r\nend")]
    [InlineData("yaml: |\n  cMOkJCQtdzBy\n  ZC93aXRoP29kZCZwYXJ0cw==\n  end", "yaml: |\n  ***\n  end")]
    [InlineData("{\"key\":\"cMOkJCQtdzBy\\nZC93aXRo\\r\\nP29kZCZwYXJ0cw==\\n\"}", "{\"key\":\"***\"}")]
    [InlineData("hex 70c3a424242d773072642f77\n6974683f6f6464267061727473\n", "hex ***\n")]
    [InlineData("one line\nand + another", "one line\nand + another")]
    [InlineData("a%zz \\u12 &; &#; &nothing; \\ % +", "a%zz \\u12 &; &#; &nothing; \\ % +")]
    [InlineData("short stays, and so does PÄ$$-W0RD/WITH?ODD&PARTS", "short stays, and so does PÄ$$-W0RD/WITH?ODD&PARTS")]
    public void A_value_is_found_in_text(string text, string expected) => Assert.Equal(expected, s_mask.Of(text));

    /// <summary>Each of the three positions in which a value can begin in base64, with text before and behind it.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(100, 1000)]
    public void A_value_is_found_wherever_it_begins_in_base64(int before, int behind)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)'<', before), .. Encoding.UTF8.GetBytes(Secret), .. Enumerable.Repeat((byte)'>', behind)];
        foreach (string text in (string[])[Convert.ToBase64String(bytes), System.Buffers.Text.Base64Url.EncodeToString(bytes)])
        {
            string masked = s_mask.Of($"({text})");

            Assert.Contains("***", masked, StringComparison.Ordinal);
            // Not a letter that contains one of its bits.
            Assert.StartsWith($"({text[..(before * 8 / 6)]}***", masked, StringComparison.Ordinal);
            Assert.True(masked.Length <= text.Length - (Encoding.UTF8.GetByteCount(Secret) * 8 / 6) + 3 + 4, masked);
        }
    }

    [Theory]
    [InlineData("a+b c/d%41&amp;\"\\e", "%")]
    [InlineData("a+b c/d%41&amp;\"\\e", "json")]
    [InlineData("a+b c/d%41&amp;\"\\e", "html")]
    [InlineData("a+b c/d%41&amp;\"\\e", "form")]
    [InlineData("C:\\new\\table&copy;%2Fx", "json")]
    [InlineData("C:\\new\\table&copy;%2Fx", "%")]
    [InlineData("C:\\new\\table&copy;%2Fx", "html")]
    [InlineData("-----KEY-----\nMIIEvQIBADANBgkq+hki\nG9w0BAQEF/AASCBKcwgg=\n-----END-----", "json")]
    [InlineData("-----KEY-----\nMIIEvQIBADANBgkq+hki\nG9w0BAQEF/AASCBKcwgg=\n-----END-----", "%")]
    [InlineData("-----KEY-----\nMIIEvQIBADANBgkq+hki\nG9w0BAQEF/AASCBKcwgg=\n-----END-----", "html")]
    public void A_value_that_has_escapes_itself_is_found_under_others(string secret, string kind)
    {
        var mask = new SecretMask([secret]);
        string text = kind switch
        {
            "%" => Uri.EscapeDataString(secret),
            "json" => System.Text.Json.JsonSerializer.Serialize(secret),
            "html" => System.Net.WebUtility.HtmlEncode(secret),
            _ => System.Net.WebUtility.UrlEncode(secret),
        };

        Assert.Equal(kind == "json" ? "(\"***\")" : "(***)", mask.Of($"({text})"));
        Assert.Equal("(***)", mask.Of($"({secret})"));
    }

    [Fact]
    public void Names_that_look_the_same_without_their_secrets_stay_apart()
    {
        var mask = new SecretMask(["secret-of-a", "secret-of-b"]);
        var value = ScriptValue.From(new Dictionary<string, int> { ["secret-of-a"] = 1, ["***"] = 2, ["secret-of-b"] = 3, ["*** (2)"] = 4 });

        ScriptValue masked = mask.Of(value);

        Assert.Equal("""{"*** (3)":1,"***":2,"*** (4)":3,"*** (2)":4}""", masked.ToJsonString());
    }

    [Fact]
    public void A_value_is_found_at_each_place_of_a_long_text()
    {
        string escaped = Uri.EscapeDataString(Secret);
        foreach (int at in (int[])[0, 1, 30_000, 32_767, 32_768, 33_000, 65_000, 98_304 - escaped.Length])
        {
            string text = new string('x', at) + escaped + new string('%', 98_304 - at - escaped.Length);

            string masked = s_mask.Of(text);

            Assert.Equal(98_304 - escaped.Length + 3, masked.Length);
            Assert.Equal("***", masked.Substring(at, 3));
        }
    }

    [Fact]
    public void The_memory_of_a_search_does_not_grow_with_the_text()
    {
        string text = string.Concat(Enumerable.Repeat("%41\\u0042&amp;+", 200_000));
        Assert.Same(text, s_mask.Of(text));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Same(text, s_mask.Of(text));

        // References of HTML are read one by one, and each is short.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200_000 * 200L, $"{GC.GetAllocatedBytesForCurrentThread() - before} bytes");
    }

    [Fact]
    public void A_value_without_a_secret_stays_the_same_object()
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

    [Theory]
    [InlineData("p%c3%a4%24%24-w0rd%2fwith%3fodd%26parts")]
    [InlineData("p\\u00e4$$-w0rd/with?odd\\u0026parts")]
    [InlineData("pä$$-w0rd/with?odd&amp;parts")]
    public void It_is_found_under_escapes_in_bytes(string text)
    {
        ScriptValue masked = s_mask.Of(ScriptValue.OfBytes([1, .. Encoding.UTF8.GetBytes(text), 2]));

        // As in texts, the cover does not show how long the value is.
        Assert.Equal([1, .. "***"u8, 2], masked.AsBytes().ToArray());
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
        // A reader of the log still sees its place.
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

    /// <summary>The same value with the secret in one of its texts, bytes or member names.</summary>
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
