using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tools;

/// <summary>An application's services, for tools whose parameters are some of them. Each call has a scope of its own.</summary>
internal sealed record ToolServices(IServiceScopeFactory Scopes, IServiceProviderIsService Known);
