using ApiSvc.AppHost.Tests.Calls;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Sync;
using Aspire.Hosting.Testing;
using Google.Protobuf;
using Grpc.Net.Client;
using Npgsql;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>The Catalog as only the inside of the suite sees it: its gRPC endpoint, and its database.</summary>
internal sealed class CatalogInside : IAsyncDisposable
{
    private readonly GrpcChannel _asGateway;
    private readonly GrpcChannel _asAdministrator;
    private readonly NpgsqlDataSource _database;

    private CatalogInside(OpenSuite open, string database)
    {
        _asGateway = Channel(open, "gateway");
        _asAdministrator = Channel(open, "admin");
        _database = NpgsqlDataSource.Create(database);
        Log = new(_asGateway);
        Deployments = new(_asAdministrator);
    }

    /// <summary>The log that gateways follow, with a gateway's token.</summary>
    public GatewayConfig.GatewayConfigClient Log { get; }

    public Deployments.DeploymentsClient Deployments { get; }

    public static async Task<CatalogInside> OpenAsync(OpenSuite open) =>
        new(open, (await open.Suite.App.GetConnectionStringAsync("catalogdb"))!);

    /// <summary>The nodes, as the Catalog lists them.</summary>
    public async Task<IReadOnlyList<Node>> NodesAsync() =>
        (
            await Deployments.ListNodesAsync(new ListNodesRequest { Environment = Watcher.Group })
        ).Nodes;

    public async Task<Node> NodeAsync(string name) =>
        (await NodesAsync()).Single(n => n.Name == name);

    /// <summary>Where the log is, as the Catalog keeps it.</summary>
    public async Task<(ulong Generation, ByteString Hash)> HeadAsync()
    {
        await using var select = _database.CreateCommand(
            "select generation, hash from service.resource_group where name = $1"
        );
        select.Parameters.Add(new() { Value = Watcher.Group });
        await using var reader = await select.ExecuteReaderAsync();
        (await reader.ReadAsync()).ShouldBeTrue();
        return (
            (ulong)reader.GetInt64(0),
            ByteString.CopyFrom(await reader.GetFieldValueAsync<byte[]>(1))
        );
    }

    /// <summary>What each node said last.</summary>
    public async Task<IReadOnlyDictionary<string, Acknowledgement>> SaidAsync()
    {
        await using var select = _database.CreateCommand(
            "select node, last_said from service.resource_node where group_name = $1 and last_said is not null"
        );
        select.Parameters.Add(new() { Value = Watcher.Group });
        var said = new Dictionary<string, Acknowledgement>();
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            said[reader.GetString(0)] = Acknowledgement.Parser.ParseFrom(
                await reader.GetFieldValueAsync<byte[]>(1)
            );
        }

        return said;
    }

    /// <summary>A resource as it is in the log now.</summary>
    public async Task<T> ReadAsync<T>(ResourceKind kind, byte[] id, MessageParser<T> parser)
        where T : IMessage<T>
    {
        await using var select = _database.CreateCommand(
            "select body from service.resource where group_name = $1 and kind = $2 and id = $3"
        );
        select.Parameters.Add(new() { Value = Watcher.Group });
        select.Parameters.Add(new() { Value = (int)kind });
        select.Parameters.Add(new() { Value = id });
        return parser.ParseFrom((byte[])(await select.ExecuteScalarAsync())!);
    }

    /// <summary>Writes to the log what this Catalog would not, as one of another build does.</summary>
    /// <returns>The generation that has it.</returns>
    public async Task<ulong> AppendAsync(params IReadOnlyList<ResourceChange> changes)
    {
        await using var work = new UnitOfWork(
            _database,
            new ServiceIdentity("catalog"),
            TimeProvider.System
        );
        var generation = await new ResourceLog(work, TimeProvider.System).AppendAsync(
            Watcher.Group,
            changes
        );
        await work.CommitAsync();
        return generation;
    }

    public async ValueTask DisposeAsync()
    {
        _asGateway.Dispose();
        _asAdministrator.Dispose();
        await _database.DisposeAsync();
    }

    private static GrpcChannel Channel(OpenSuite open, string client) =>
        GrpcChannel.ForAddress(
            open.Suite.Address("catalog", "grpc"),
            new GrpcChannelOptions
            {
                HttpHandler = new AuthorizedHandler(open.Door.Tokens, client, "catalog"),
                DisposeHttpClient = true,
            }
        );
}
