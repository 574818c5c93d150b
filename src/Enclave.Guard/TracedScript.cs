using System.Collections.Immutable;
using Enclave.Guard.Tracing;

namespace Enclave.Guard;

/// <summary>An accepted script whose program reports its steps.</summary>
/// <param name="Script">The program, with the map to the author's text.</param>
/// <param name="Statements">Its statements, in the order of their numbers.</param>
internal sealed record TracedScript(GuardedScript Script, ImmutableArray<TracedStatement> Statements);
