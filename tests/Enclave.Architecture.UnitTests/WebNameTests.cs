using System.Reflection;
using Enclave.Architecture.UnitTests.PublicApi;
using Microsoft.AspNetCore.Builder;

namespace Enclave.Architecture.UnitTests;

/// <summary>A web project has the namespaces below in every file. A public type of ours with a name from one of them would be ambiguous there.</summary>
public sealed class WebNameTests
{
    /// <summary>The implicit usings of Microsoft.NET.Sdk.Web, including those of Microsoft.NET.Sdk.</summary>
    private static readonly HashSet<string> s_usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
        "System.Net.Http.Json",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    [Fact]
    public void No_public_type_has_the_name_of_one_that_every_web_project_sees()
    {
        HashSet<string> taken = [.. Framework().SelectMany((assembly) => assembly.GetExportedTypes())
            .Where((type) => s_usings.Contains(type.Namespace ?? "") && !type.IsNested).Select((type) => type.Name)];
        Assert.Contains("SessionOptions", taken);

        Type[] ours = [.. PublicApiTests.Shipped.SelectMany(Signatures.Types).Where((type) => !type.IsNested && !s_usings.Contains(type.Namespace ?? ""))];

        Assert.Contains(typeof(EnclaveSessionOptions), ours);
        Assert.Empty(ours.Where((type) => taken.Contains(type.Name)).Select((type) => type.FullName));
    }

    private static IEnumerable<Assembly> Framework()
    {
        foreach (string folder in (string[])[
            Path.GetDirectoryName(typeof(object).Assembly.Location)!, Path.GetDirectoryName(typeof(WebApplication).Assembly.Location)!])
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.dll"))
            {
                string name = Path.GetFileNameWithoutExtension(file);
                bool isManaged = name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                    || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);
                if (isManaged && !name.EndsWith(".Native", StringComparison.Ordinal)) yield return Assembly.Load(name);
            }
        }
    }
}
