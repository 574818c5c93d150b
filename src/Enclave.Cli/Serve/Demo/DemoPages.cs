using Enclave.Cli.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;

namespace Enclave.Cli.Serve.Demo;

/// <summary>The page of <c>--demo</c>: files built from <c>demo/browser</c>.</summary>
internal static class DemoPages
{
    /// <summary>The path of the page's statistics.</summary>
    public const string FiguresPath = "/demo/pool";

    private const string Page = "index.html";

    /// <summary>The page shows output of scripts. The policy blocks any of it that would act as a part of the page.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>Finds the files: <c>demo/</c> beside the program, then <c>artifacts/demo/</c> above it.</summary>
    /// <exception cref="UsageException">They were not found.</exception>
    public static string Find()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "demo");
        if (File.Exists(Path.Combine(beside, Page))) return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "artifacts", "demo");
            if (File.Exists(Path.Combine(candidate, Page))) return candidate;
        }

        throw new UsageException(
            $"--demo: the page was not found beside {AppContext.BaseDirectory} or above it. In a checkout, ./enclave serve --demo builds it.");
    }

    /// <summary>Gives each file a route, so that other files cannot be requested.</summary>
    public static void Map(IEndpointRouteBuilder app, string folder)
    {
        var types = new FileExtensionContentTypeProvider();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder, file);
            string type = types.TryGetContentType(file, out string? known) ? known : "application/octet-stream";
            // The names of the page's assets contain hashes of their content.
            string cache = path.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
            app.MapMethods(path == Page ? "/" : $"/{path}", [HttpMethods.Get, HttpMethods.Head], (context) =>
            {
                IHeaderDictionary headers = context.Response.Headers;
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers.CacheControl = cache;
                return Results.File(file, type).ExecuteAsync(context);
            }).AllowAnonymous();
        }
    }
}
