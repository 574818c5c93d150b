using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Enclave.Configuration;
using Enclave.Guard;
using Enclave.Protocol.Values;

namespace Enclave.Tenants.Policies;

/// <summary>Policies as JSON, in a file or from an application's configuration: one form for both (docs/tenants.md).</summary>
internal static class PolicyJson
{
    /// <summary>The largest file, and the deepest.</summary>
    public const int MaxBytes = 64 << 20, MaxDepth = 16;

    private static readonly JsonDocumentOptions s_document = new() { MaxDepth = MaxDepth };

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Values of a configuration are texts.
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = MaxDepth,
        TypeInfoResolver = PolicyContracts.Default,
        Converters =
        {
            Names<TenantState>(), Names<SecurityLevel>(), Names<GuardPreset>(), Names<UnknownTenants>(), Names<QuotaMeasure>(), Names<QuotaKind>(),
            Names<QuotaScope>(), Names<QuotaAction>(), new TimeConverter(), new SizeConverter(),
        },
    };

    /// <summary>The schema of the file.</summary>
    public static string Schema()
    {
        using Stream resource = typeof(PolicyJson).Assembly.GetManifestResourceStream("Enclave.Tenants.policies.schema.json")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }

    /// <exception cref="ArgumentException">It is not of the form, or a value is out of its range. The message names its place.</exception>
    public static TenantPolicies Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(JsonNode.Parse(json, null, s_document));
        }
        catch (JsonException fault)
        {
            throw new ArgumentException($"the policies are not JSON: {fault.Message}");
        }
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    public static TenantPolicies Read(JsonNode? json)
    {
        TenantPolicies? policies;
        try
        {
            JsonNode? whole = json?.DeepClone();
            InitialValues.Fill(whole, Contract<TenantPolicies>());
            policies = whole.Deserialize(Contract<TenantPolicies>());
        }
        catch (JsonException fault)
        {
            throw new ArgumentException($"policies at {fault.Path ?? "$"}: {fault.Message.Split(" Path: ", 2)[0]}");
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // For example a member that occurs twice.
            throw new ArgumentException($"policies: {fault.Message}");
        }

        PolicyCheck.Check(policies ?? throw new ArgumentException("policies are null: an object is needed"));
        return policies;
    }

    /// <summary>The version of a policy without one of its own.</summary>
    public static string VersionOf(TenantPolicy policy) =>
        policy.Version ?? Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(policy, Contract<TenantPolicy>())).AsSpan(0, 6));

    /// <summary>Reads the policy of one tenant.</summary>
    /// <exception cref="ArgumentException">It is not of the form, or a value is out of its range. The message names its place.</exception>
    public static TenantPolicy ReadPolicy(JsonObject json)
    {
        const string Name = "it";
        return Read(new JsonObject { ["tenants"] = new JsonObject { [Name] = json.DeepClone() } }).Tenants[Name];
    }

    /// <summary>The policy as JSON.</summary>
    public static JsonNode Write(TenantPolicy policy) => JsonSerializer.SerializeToNode(policy, Contract<TenantPolicy>())!;

    private static JsonTypeInfo<T> Contract<T>() => (JsonTypeInfo<T>)s_options.GetTypeInfo(typeof(T));

    private static JsonStringEnumConverter<TEnum> Names<TEnum>()
        where TEnum : struct, Enum => new(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

    /// <summary>Times as in configuration: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>.</summary>
    private sealed class TimeConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && ScalarText.Read(reader.GetString()!, typeof(TimeSpan), out object? time) is null
                ? (TimeSpan)time!
                : throw new JsonException($"a time is needed: {Durations.Form}");

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.####}ms"));
    }

    /// <summary>Whole numbers, and sizes as in configuration: <c>64MB</c>.</summary>
    private sealed class SizeConverter : JsonConverter<long>
    {
        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number)) return number;
            return reader.TokenType == JsonTokenType.String && ScalarText.Read(reader.GetString()!, typeof(long), out object? size) is null
                ? (long)size!
                : throw new JsonException($"a whole number is needed, or {ByteSizes.Form}");
        }

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }
}
