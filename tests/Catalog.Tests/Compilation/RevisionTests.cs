using System.Text;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Policies;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Tests.Compilation;

public sealed class RevisionTests
{
    private static readonly Guid ApiId = Guid.Parse("01890000-0000-7000-8000-000000000001");
    private static readonly Guid VersionId = Guid.Parse("01890000-0000-7000-8000-000000000002");
    private static readonly Guid TeamId = Guid.Parse("01890000-0000-7000-8000-000000000003");
    private static readonly Guid PlanId = Guid.Parse("01890000-0000-7000-8000-000000000004");
    private static readonly PolicyEntry Limit = new(
        "limit",
        """{"rate":10,"periodSeconds":1,"burst":10,"countedBy":"address"}"""
    );
    private static readonly PolicyEntry Cors = new("cors", """{"allowedOrigins":["*"]}""");
    private static readonly PolicyEntry OwnCors = new(
        "cors",
        """{"allowedOrigins":["https://app.example"]}"""
    );
    private static readonly PolicyEntry Path = new("path", """{"template":"/v2/{id}"}""");

    private static readonly RevisionContent Content = new()
    {
        ApiId = ApiId,
        VersionId = VersionId,
        TeamId = TeamId,
        Revision = 3,
        ApiSlug = "orders",
        Version = "v1 — ü",
        SpecificationHash = "abcd",
        Host = "",
        BasePath = "/shop/orders",
        Selector = new(SelectorSource.MediaType, "v", "1", IsDefault: true),
        OnlyOperations = true,
        Operations =
        [
            new(
                OperationIds.Of(VersionId, "get", "/{id}"),
                "getOrder",
                "GET",
                "/{id}",
                ["read"],
                [Path]
            ),
        ],
        Upstreams =
        [
            new("main", [new("https://orders.example/base", 3)], TotalTimeoutMilliseconds: 1500),
        ],
        PlatformPolicies = [Limit, Cors],
        TeamPolicies = [],
        VersionPolicies = [OwnCors],
        PlanIds = [PlanId],
    };

    [Fact]
    public void ToBytes_Content_IsReadBackAndAlwaysTheSame()
    {
        var bytes = Content.ToBytes();
        var read = RevisionContent.FromBytes(bytes);

        read.ToBytes().ShouldBe(bytes);
        Encoding.UTF8.GetString(bytes).ShouldContain("""{"type":"limit","settings":{"rate":10,""");
        read.VersionPolicies.ShouldBe([OwnCors]);
        read.Selector.ShouldBe(Content.Selector);
        RevisionCompiler
            .Compile(read, VersionStanding.Served)
            .Body.ShouldBe(RevisionCompiler.Compile(Content, VersionStanding.Served).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":1,"content":{}}""")]
    [InlineData("""{"format":2,"content":{"new":1}}""")]
    public void FromBytes_SomethingElse_Throws(string stored) =>
        Should.Throw<InvalidDataException>(() =>
            RevisionContent.FromBytes(Encoding.UTF8.GetBytes(stored))
        );

    [Fact]
    public void Compile_Revision_HoldsWhatTheGatewayNeeds()
    {
        var resource = RevisionCompiler.Compile(Content, VersionStanding.Served);

        resource.Kind.ShouldBe(ResourceKind.Api);
        resource.Id.ShouldBe(VersionId.ToByteArray(bigEndian: true));
        resource.RequiredFeatures.ShouldBe([
            "policy.cors",
            "policy.limit",
            "policy.path",
            "selector.media-type",
        ]);
        var api = resource.Body.ShouldBeOfType<Api>();
        api.ApiId.ToByteArray().ShouldBe(ApiId.ToByteArray(bigEndian: true));
        (api.Revision, api.BasePath, api.OnlyOperations, api.Availability).ShouldBe(
            (3u, "/shop/orders", true, Availability.Served)
        );
        api.Policies.Select(policy => (policy.Type, policy.Level))
            .ShouldBe([("limit", "platform"), ("cors", "version")]);
        CorsSettings
            .Parser.ParseFrom(api.Policies[1].Settings)
            .AllowedOrigins.ShouldBe(["https://app.example"]);
        var operation = api.Operations.ShouldHaveSingleItem();
        (operation.Method, operation.PathTemplate, operation.OperationId).ShouldBe(
            ("GET", "/{id}", "getOrder")
        );
        operation.RequiredScopes.ShouldBe(["read"]);
        operation
            .Policies.Select(policy => (policy.Type, policy.Level))
            .ShouldBe([("path", "operation")]);
        var upstream = api.Upstreams.ShouldHaveSingleItem();
        upstream.Addresses.ShouldBe([
            new UpstreamAddress { Url = "https://orders.example/base", Weight = 3 },
        ]);
        (
            upstream.LoadBalancing,
            upstream.TotalTimeout.ToTimeSpan().TotalSeconds,
            upstream.ConnectTimeout
        ).ShouldBe(("round-robin", 1.5, null));
        api.PlanIds.Select(id => id.ToByteArray()).ShouldBe([PlanId.ToByteArray(bigEndian: true)]);
        api.VersionSelector.ShouldBe(
            new()
            {
                Source = VersionSelector.Types.Source.MediaType,
                Name = "v",
                Value = "1",
                IsDefault = true,
            }
        );
        api.DeprecatedAt.ShouldBeNull();
    }

    [Fact]
    public void Compile_PlainRevision_RequiresNothing()
    {
        var plain = Content with
        {
            Selector = null,
            PlatformPolicies = [],
            VersionPolicies = [],
            Operations = [],
        };

        RevisionCompiler.Compile(plain, VersionStanding.Served).RequiredFeatures.ShouldBeEmpty();
    }

    [Fact]
    public void Compile_Standing_IsNotTheRevisions()
    {
        var sunset = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero);

        var api = (Api)
            RevisionCompiler
                .Compile(
                    Content,
                    new(Availability.Retired, sunset.AddDays(-90), sunset, "https://docs.example")
                )
                .Body;

        api.Availability.ShouldBe(Availability.Retired);
        api.SunsetAt.ToDateTimeOffset().ShouldBe(sunset);
        api.DeprecatedAt.ToDateTimeOffset().ShouldBe(sunset.AddDays(-90));
        api.DeprecationLink.ShouldBe("https://docs.example");
    }

    [Fact]
    public void Compile_SameContent_IsTheSameBytes() =>
        RevisionCompiler
            .Compile(RevisionContent.FromBytes(Content.ToBytes()), VersionStanding.Served)
            .Body.ToByteArray()
            .ShouldBe(RevisionCompiler.Compile(Content, VersionStanding.Served).Body.ToByteArray());

    [Fact]
    public void Of_Operation_IsStableAndItsOwn()
    {
        var id = OperationIds.Of(VersionId, "GET", "/a");

        OperationIds.Of(VersionId, "get", "/a").ShouldBe(id);
        id.Version.ShouldBe(8);
        new[]
        {
            OperationIds.Of(VersionId, "PUT", "/a"),
            OperationIds.Of(VersionId, "GET", "/b"),
            OperationIds.Of(ApiId, "GET", "/a"),
            id,
        }
            .Distinct()
            .Count()
            .ShouldBe(4);
    }
}
