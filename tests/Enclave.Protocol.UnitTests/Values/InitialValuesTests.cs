using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Enclave.Protocol.Values;

namespace Enclave.Protocol.UnitTests.Values;

/// <summary>A generated contract, whose initial values are written into the JSON, reads what a contract from reflection reads.</summary>
public sealed partial class InitialValuesTests
{
    private static readonly JsonSerializerOptions s_generated = Settings(Contracts.Default), s_reflected = Settings(new DefaultJsonTypeInfoResolver());

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"limit":3,"page":{}}""")]
    [InlineData("""{"page":{"size":1},"more":[{},{"size":2}],"byName":{"a":{},"b":null}}""")]
    [InlineData("""{"words":["x"],"note":null}""")]
    public void A_generated_contract_reads_what_reflection_reads(string json)
    {
        JsonNode node = JsonNode.Parse(json)!;

        InitialValues.Fill(node, s_generated.GetTypeInfo(typeof(Query)));

        var generated = (Query)node.Deserialize(s_generated.GetTypeInfo(typeof(Query)))!;
        Query reflected = JsonSerializer.Deserialize<Query>(json, s_reflected)!;
        Assert.Equal(JsonSerializer.Serialize(reflected, s_reflected), JsonSerializer.Serialize(generated, s_reflected));
    }

    [Fact]
    public void Members_in_another_case_are_there_if_the_settings_say_so()
    {
        var settings = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = Contracts.Default };
        JsonObject node = JsonNode.Parse("""{"LIMIT":3}""")!.AsObject();

        InitialValues.Fill(node, settings.GetTypeInfo(typeof(Query)));

        Assert.Equal(3, ((Query)node.Deserialize(settings.GetTypeInfo(typeof(Query)))!).Limit);
    }

    [Fact]
    public void Only_types_with_initial_values_are_filled()
    {
        Assert.True(InitialValues.AreLost(s_generated.GetTypeInfo(typeof(Query))));
        Assert.True(InitialValues.AreLost(s_generated.GetTypeInfo(typeof(Holder))));
        Assert.False(InitialValues.AreLost(s_generated.GetTypeInfo(typeof(Plain))));
        Assert.False(InitialValues.AreLost(s_generated.GetTypeInfo(typeof(Refusing))));
    }

    private static JsonSerializerOptions Settings(IJsonTypeInfoResolver contracts) =>
        new(JsonSerializerDefaults.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, TypeInfoResolver = contracts };

    internal sealed record Query
    {
        public int Limit { get; init; } = 10;

        public Page Page { get; init; } = new();

        public IReadOnlyList<string> Words { get; init; } = ["a", "b"];

        public IReadOnlyList<Page> More { get; init; } = [];

        public IReadOnlyDictionary<string, Page?> ByName { get; init; } = new Dictionary<string, Page?>();

        public string? Note { get; init; } = "none";
    }

    internal sealed record Page
    {
        public int Size { get; init; } = 25;
    }

    internal sealed record Holder(Page? Page);

    internal sealed record Plain(int A, int B = 7)
    {
        public int C { get; set; } = 9;
    }

    /// <summary>Its constructor refuses what a type without arguments has.</summary>
    internal sealed record Refusing
    {
        public Refusing(string name) => Name = name ?? throw new ArgumentNullException(nameof(name));

        public string Name { get; }

        public int Size { get; init; } = 3;
    }

    [JsonSerializable(typeof(Query))]
    [JsonSerializable(typeof(Holder))]
    [JsonSerializable(typeof(Plain))]
    [JsonSerializable(typeof(Refusing))]
    internal sealed partial class Contracts : JsonSerializerContext;
}
