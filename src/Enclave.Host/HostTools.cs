using Enclave.DoubleVm;
using Enclave.Sidecar;
using Enclave.Tools;
using Enclave.Tools.Sequences;

namespace Enclave;

/// <summary>The stations of tool calls that all runs of a host share. <see cref="ToolPath"/> has their order.</summary>
/// <param name="Registry">The registered tools, with their running calls.</param>
/// <param name="Sequences">The sequence policy; null for none.</param>
/// <param name="Outer">The outer isolates; null without a double VM.</param>
/// <param name="Sidecar">The store of references; null without one.</param>
/// <param name="Host">The host, for the stations of features.</param>
internal sealed record HostTools(ToolRegistry Registry, SequencePolicy? Sequences, OuterVm? Outer, ReferenceSidecar? Sidecar, HostParts Host);
