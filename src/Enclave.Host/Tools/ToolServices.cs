using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <summary>An application's services, for tools whose parameters need them. Each call has its own scope.</summary>
internal sealed record ToolServices(IServiceScopeFactory Scopes, IServiceProviderIsService Known);
