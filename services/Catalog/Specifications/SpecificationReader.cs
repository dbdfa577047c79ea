using ApiSvc.Catalog.Export;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Policies;
using ApiSvc.Catalog.PolicyLevels;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Catalog.Specifications;

/// <summary>In which form a specification is read.</summary>
internal enum SpecificationForm
{
    /// <summary>As imported, byte for byte.</summary>
    Imported,

    /// <summary>With servers and security as the gateway offers them, in JSON.</summary>
    ServedJson,

    /// <summary>The same in YAML.</summary>
    ServedYaml,
}

/// <summary>A document and what it is written in.</summary>
internal sealed record SpecificationDocument(byte[] Bytes, string MediaType);

/// <summary>Gives specifications and operations to whoever may see the version.</summary>
internal sealed class SpecificationReader(
    NpgsqlDataSource database,
    IOptions<OfferOptions> offers,
    IOptions<TokenOptions> tokens
)
{
    public async Task<Outcome<List<OperationRow>>> ListAsync(
        Guid version,
        Caller caller,
        PageRequest<long> page
    )
    {
        await using var db = await database.OpenConnectionAsync();
        if (await VersionRow.FindVisibleAsync(db, version, caller) is null)
        {
            return ApiProblem.NotFound;
        }

        var rows = await db.QueryAsync<OperationRow>(
            """
            select * from operation where version_id = @version and (@after::bigint is null or position > @after)
            order by position limit @fetch
            """,
            new
            {
                version,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<SpecificationDocument>> ReadAsync(
        Guid version,
        SpecificationForm form,
        Caller caller
    )
    {
        await using var db = await database.OpenConnectionAsync();
        if (
            await VersionRow.FindVisibleAsync(db, version, caller) is not { } row
            || await SpecificationRow.FindAsync(db, version) is not { } specification
        )
        {
            return ApiProblem.NotFound;
        }

        if (form == SpecificationForm.Imported)
        {
            return new SpecificationDocument(
                specification.Document,
                MediaTypeOf(specification.Syntax)
            );
        }

        var syntax =
            form == SpecificationForm.ServedJson ? DocumentSyntax.Json : DocumentSyntax.Yaml;
        var offer = new GatewayOffer
        {
            Servers = await ServersAsync(db, row),
            Security = await SecurityAsync(db, row),
        };
        return new SpecificationDocument(
            ServedDocument.Write(specification.Document, offer, syntax),
            MediaTypeOf(syntax)
        );
    }

    private static string MediaTypeOf(DocumentSyntax syntax) =>
        syntax == DocumentSyntax.Json ? "application/json" : "application/yaml";

    // Where it is deployed; as it would be served, where it is not deployed yet.
    private async Task<IReadOnlyList<OfferedServer>> ServersAsync(
        NpgsqlConnection db,
        VersionRow version
    )
    {
        var deployed = await db.QueryAsync<(string Environment, string Path)>(
            """
            select e.name, d.base_path from deployment d join environment e on e.name = d.environment
            where d.version_id = @Id order by e.position desc
            """,
            new { version.Id }
        );
        var servers = deployed
            .Select(d => new OfferedServer(
                (
                    offers.Value.Addresses.TryGetValue(d.Environment, out var address)
                        ? address
                        : ""
                ).TrimEnd('/') + d.Path,
                d.Environment
            ))
            .ToList();
        return servers.Count > 0 ? servers : [new OfferedServer(version.BasePath, "")];
    }

    private async Task<IReadOnlyList<OfferedSecurity>> SecurityAsync(
        NpgsqlConnection db,
        VersionRow version
    )
    {
        var team = await db.ExecuteScalarAsync<Guid>(
            "select team_id from api where id = @ApiId",
            new { version.ApiId }
        );
        var levels = await PolicyLevelBook.OfVersionAsync(db, team, version.Id);
        var effective = EffectivePolicies
            .Of(
                levels.Of(PolicyLevel.Platform, Guid.Empty),
                levels.Of(PolicyLevel.Team, team),
                levels.Of(PolicyLevel.Version, version.Id),
                []
            )
            .LastOrDefault(p => p.Policy.Type == PolicyTypes.Authentication.Name);
        var clientCredentials = new OfferedSecurity.ClientCredentials(
            $"{tokens.Value.Issuer.TrimEnd('/')}/connect/token"
        );
        if (effective is null)
        {
            return [new OfferedSecurity.ApiKey("x-api-key", InQuery: false), clientCredentials];
        }

        var settings = (AuthenticationSettings)PolicySettings.ToMessage(effective.Policy);
        var offered = new List<OfferedSecurity>();
        foreach (var method in settings.Methods)
        {
            switch (method.MethodCase)
            {
                case AuthenticationMethod.MethodOneofCase.ApiKey:
                    offered.AddRange(KeysOf(method.ApiKey));
                    break;
                case AuthenticationMethod.MethodOneofCase.Jwt:
                    offered.Add(
                        method.Jwt.Issuers.Count == 0
                            ? clientCredentials
                            : new OfferedSecurity.Bearer()
                    );
                    break;
                default:
                    offered.Add(new OfferedSecurity.Anonymous());
                    break;
            }
        }

        return offered;
    }

    private static IEnumerable<OfferedSecurity> KeysOf(ApiKeyAuthentication keys)
    {
        if (keys.Bearer)
        {
            yield return new OfferedSecurity.Bearer();
        }

        if (keys.Header.Length > 0 || (keys.Query.Length == 0 && !keys.Bearer))
        {
            yield return new OfferedSecurity.ApiKey(
                keys.Header.Length > 0 ? keys.Header : "x-api-key",
                InQuery: false
            );
        }

        if (keys.Query.Length > 0)
        {
            yield return new OfferedSecurity.ApiKey(keys.Query, InQuery: true);
        }
    }
}
