using System.Text.Json.Serialization;

namespace Enclave.Cli.Serve.Demo;

/// <summary>The arguments and results of the demo's tools.</summary>
[JsonSerializable(typeof(DemoTools.ListOrders))]
[JsonSerializable(typeof(DemoTools.GetCustomer))]
[JsonSerializable(typeof(DemoTools.RenderReport))]
[JsonSerializable(typeof(DemoTools.Nothing))]
[JsonSerializable(typeof(DemoTools.Order[]))]
[JsonSerializable(typeof(DemoTools.Customer))]
[JsonSerializable(typeof(DemoTools.Report))]
internal sealed partial class DemoJson : JsonSerializerContext;
