using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Mcp.Tools;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>Tools of the documents that the Catalog has, as the gateway serves them. While it is away, what was read last holds.</summary>
internal sealed partial class CatalogToolSets(
    Apis.ApisClient catalog,
    IOptions<McpOptions> options,
    TimeProvider time,
    ILogger<CatalogToolSets> logger
) : IToolSets, IDisposable
{
    private const int MostKept = 1000;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostKept });

    public async ValueTask<ToolSet?> FindAsync(
        Id<VersionKind> version,
        Guid team,
        CancellationToken cancellationToken
    )
    {
        var kept = _kept.Get<Kept>(version.Value);
        if (kept is null || kept.ReadAgainAt <= time.GetUtcNow())
        {
            kept = await ReadAsync(version, kept, cancellationToken);
        }

        return kept?.Team == team ? kept.Set : null;
    }

    public void Dispose() => _kept.Dispose();

    private async Task<Kept?> ReadAsync(
        Id<VersionKind> version,
        Kept? before,
        CancellationToken cancellationToken
    )
    {
        var id = version.ToString();
        try
        {
            var row = await catalog.GetVersionAsync(
                new() { Id = id },
                cancellationToken: cancellationToken
            );
            var api = await catalog.GetApiAsync(
                new() { Id = row.ApiId },
                cancellationToken: cancellationToken
            );
            var document = await catalog.GetSpecificationAsync(
                new() { VersionId = id, As = GetSpecificationRequest.Types.As.ServedJson },
                cancellationToken: cancellationToken
            );
            var kept = new Kept(
                Id<TeamKind>.Parse(api.TeamId).Value,
                ToolReader.Read((JsonObject)JsonNode.Parse(document.Document.Span)!),
                time.GetUtcNow() + options.Value.KeepDocuments
            );
            return _kept.Set(version.Value, kept, new MemoryCacheEntryOptions { Size = 1 });
        }
        catch (RpcException absent) when (absent.StatusCode == StatusCode.NotFound)
        {
            _kept.Remove(version.Value);
            return null;
        }
        catch (Exception unreadable)
            when (before is not null && unreadable is RpcException or JsonException)
        {
            Log.Kept(logger, unreadable, id);
            return before;
        }
    }

    private sealed record Kept(Guid Team, ToolSet Set, DateTimeOffset ReadAgainAt);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1,
            Level = LogLevel.Warning,
            Message = "The document of {Version} cannot be read now; the one before is used."
        )]
        public static partial void Kept(ILogger logger, Exception exception, string version);
    }
}
