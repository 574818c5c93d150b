using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave.Protocol.Values;

/// <summary>Converts objects of all other types, through <c>System.Text.Json</c> with its web defaults.</summary>
internal static class OtherObjects
{
    /// <summary>The options for writing; not used for reading.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = ProtocolLimits.MaxObjectDepth,
        TypeInfoResolver = ContractResolver.Instance,
        Converters =
        {
            ContractResolver.EnumNames(allowIntegerValues: true),
                new BigIntegerConverter(), new DoubleConverter(), new SingleConverter(), new StringConverter(), new NotDataConverter(),
        },
    };

    /// <exception cref="JsonException">The object contains a cycle, too much depth, or something that is not data. <see cref="JsonException.Path"/> says
    /// where.</exception>
    /// <exception cref="NotSupportedException">The type of the object has no contract.</exception>
    public static JsonElement Serialize(object value) => JsonSerializer.SerializeToElement(value, ContractResolver.Of(value.GetType(), Options));

    private sealed class BigIntegerConverter : JsonConverter<BigInteger>
    {
        public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class DoubleConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }

    private sealed class SingleConverter : JsonConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
        {
            if (float.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }

    /// <summary>Keeps lone surrogates, which the serializer would replace.</summary>
    private sealed class StringConverter : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (Utf16.IsWellFormed(value)) writer.WriteStringValue(value);
            else writer.WriteRawValue(JsonText.ToLiteral(value), skipInputValidation: true);
        }
    }

    /// <summary>Refuses types that the serializer would take apart or refuse with a message of its own.</summary>
    private sealed class NotDataConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => Make(typeToConvert) is not null;

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Make(typeToConvert)!;

        private static JsonConverter? Make(Type type)
        {
            if (typeof(Delegate).IsAssignableFrom(type)) return new Refusal<Delegate>(type.Name);
            if (typeof(System.Reflection.MemberInfo).IsAssignableFrom(type)) return new Refusal<System.Reflection.MemberInfo>(type.Name);
            if (typeof(Stream).IsAssignableFrom(type)) return new Refusal<Stream>(type.Name);
            if (type == typeof(nint)) return new Refusal<nint>(type.Name);
            return type == typeof(nuint) ? new Refusal<nuint>(type.Name) : null;
        }
    }

    private sealed class Refusal<T>(string name) : JsonConverter<T>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(T).IsAssignableFrom(typeToConvert);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            throw new JsonException($"a {name} cannot be a script value");
    }
}
