using System.Buffers;
using System.Globalization;
using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Portable;

/// <summary>
/// A value for a script: a JSON text, which V8 reads fastest, and a second one with the places whose values JSON has no form for:
/// <c>[[path, kind, data], …]</c>, as Prelude/values.js reads it.
/// </summary>
internal sealed class ValueJson
{
    private static readonly SearchValues<char> s_escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select((c) => (char)c), '"', '\\']);

    private static readonly ValueLimits s_limits = ValueLimits.Widest with { MaxReferences = int.MaxValue };

    private readonly StringBuilder _json = new(), _others = new();
    private readonly List<string> _path = [];

    private ValueJson() { }

    /// <exception cref="ProtocolException">The bytes are not a value.</exception>
    public static (string Json, string Others) Of(ReadOnlyMemory<byte> encoded)
    {
        var text = new ValueJson();
        text.Write(ScriptValueCodec.Decode(new ReadOnlySequence<byte>(encoded), s_limits));
        if (text._others.Length > 0) text._others.Append(']');
        return (text._json.ToString(), text._others.ToString());
    }

    private void Write(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Null:
                _json.Append("null");
                break;
            case ScriptValueKind.Boolean:
                _json.Append(value.AsBoolean() ? "true" : "false");
                break;
            case ScriptValueKind.Number:
                WriteNumber(value.AsDouble());
                break;
            case ScriptValueKind.String:
                Quote(_json, value.AsString());
                break;
            case ScriptValueKind.Array:
                WriteArray(value);
                break;
            case ScriptValueKind.Object:
                WriteObject(value);
                break;
            case ScriptValueKind.Undefined:
                WriteOther('u', "0");
                break;
            case ScriptValueKind.BigInt:
                WriteOther('b', $"\"0x{System.Numerics.BigInteger.Abs(value.AsBigInteger()):x}{(value.AsBigInteger().Sign < 0 ? "-" : "")}\"");
                break;
            case ScriptValueKind.Date:
                WriteOther('D', value.AsDateMilliseconds().ToString(CultureInfo.InvariantCulture));
                break;
            case ScriptValueKind.Bytes:
                WriteOther('x', $"\"{Convert.ToBase64String(value.AsBytes().Span)}\"");
                break;
            default:
                WriteReference(value.AsReference());
                break;
        }
    }

    private void WriteNumber(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (double.IsFinite(value)) _json.Append(text);
        else WriteOther('d', $"\"{text}\"");
    }

    private void WriteArray(ScriptValue value)
    {
        _json.Append('[');
        for (int i = 0; i < value.Count; i++)
        {
            if (i > 0) _json.Append(',');
            _path.Add(i.ToString(CultureInfo.InvariantCulture));
            Write(value[i]);
            _path.RemoveAt(_path.Count - 1);
        }

        _json.Append(']');
    }

    private void WriteObject(ScriptValue value)
    {
        _json.Append('{');
        bool isFirst = true;
        foreach ((string key, ScriptValue member) in value.Properties)
        {
            if (!isFirst) _json.Append(',');
            isFirst = false;
            Quote(_json, key);
            _json.Append(':');
            _path.Add(key);
            Write(member);
            _path.RemoveAt(_path.Count - 1);
        }

        _json.Append('}');
    }

    private void WriteReference(ScriptReference reference)
    {
        // The id alone is what a script sends back.
        if (reference.Kind == ScriptValueKind.Undefined) throw ProtocolException.At(0, "a reference without a kind");
        var data = new StringBuilder($"[\"{reference.Id}\",{reference.Size},\"{reference.Kind.ToString().ToLowerInvariant()}\",");
        Quote(data, reference.Preview);
        WriteOther('r', data.Append(']').ToString());
    }

    private void WriteOther(char kind, string data)
    {
        _json.Append('0');
        _others.Append(_others.Length == 0 ? "[[[" : ",[[");
        for (int i = 0; i < _path.Count; i++)
        {
            if (i > 0) _others.Append(',');
            Quote(_others, _path[i]);
        }

        _others.Append("],\"").Append(kind).Append("\",").Append(data).Append(']');
    }

    /// <summary>Lone surrogates stay as they are: V8 reads a text of UTF-16.</summary>
    private static void Quote(StringBuilder to, string text)
    {
        to.Append('"');
        ReadOnlySpan<char> rest = text;
        for (int at; (at = rest.IndexOfAny(s_escaped)) >= 0; rest = rest[(at + 1)..])
        {
            to.Append(rest[..at]).Append(CultureInfo.InvariantCulture, $"\\u{(int)rest[at]:x4}");
        }

        to.Append(rest).Append('"');
    }
}
