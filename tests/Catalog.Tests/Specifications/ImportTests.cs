using System.Net;
using System.Text;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.Contracts.Catalog.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Tests.Specifications;

public sealed class ImportTests
{
    [Fact]
    public async Task Import_OfADocument_IsKeptByteForByte()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var api = await owner.ApiAsync(team);
        var client = new Contracts.Catalog.V1.Apis.ApisClient(host.Channel);
        var request = new ImportSpecificationRequest
        {
            ApiId = api,
            VersionName = "v1",
            Document = ByteString.CopyFromUtf8(Scene.Document),
        };

        var imported = await client.ImportSpecificationAsync(request, owner.Headers);
        var again = await client.ImportSpecificationAsync(request, owner.Headers);
        var kept = await client.GetSpecificationAsync(
            new GetSpecificationRequest { VersionId = imported.Version.Id },
            owner.Headers
        );
        var operations = await client.ListOperationsAsync(
            new ListOperationsRequest { VersionId = imported.Version.Id, Limit = 2 },
            owner.Headers
        );
        var served = await owner.GetAsync(
            $"/v1/versions/{imported.Version.Id}/specification?as=servedJson"
        );
        await owner.PublishAsync(imported.Version.Id);
        var late = await owner.UploadAsync(
            $"/v1/apis/{api}/versions/v1/specification",
            Encoding.UTF8.GetBytes(Scene.Document)
        );

        imported.Version.OperationCount.ShouldBe(3u);
        imported.Version.BasePath.ShouldBe("/acme/orders");
        again.Version.Id.ShouldBe(imported.Version.Id);
        kept.Document.ToStringUtf8().ShouldBe(Scene.Document);
        operations.Operations.Count.ShouldBe(2);
        operations.NextCursor.ShouldNotBeEmpty();
        served.ShouldBe(HttpStatusCode.OK).Text.ShouldContain("/acme/orders");
        late.ShouldBeRefused(HttpStatusCode.Conflict, "not-a-draft");
    }

    [Theory]
    [InlineData("no document at all")]
    [InlineData("{ \"openapi\": ")]
    [InlineData("")]
    [InlineData(
        "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]"
    )]
    [InlineData(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get: {parameters: [{$ref: '#/components/parameters/none'}], responses: {'200': {description: ok}}}"
    )]
    public async Task Import_OfGarbage_SaysWhatIsWrongAndWritesNothing(string document)
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var api = await owner.ApiAsync(team);

        var answer = await owner.UploadAsync(
            $"/v1/apis/{api}/versions/v1/specification",
            Encoding.UTF8.GetBytes(document)
        );

        answer.ShouldBeRefused(HttpStatusCode.BadRequest, "invalid-specification");
        answer.Violations.ShouldNotBeEmpty();
        (await host.QueryAsync<long>("select count(*) from api_version")).ShouldBe(0);
        (await host.QueryAsync<long>("select count(*) from base_path")).ShouldBe(0);
    }

    [Fact]
    public async Task Import_PastTheLimit_Is413()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var api = await owner.ApiAsync(team);
        var document = new byte[65 * 1024 * 1024];
        document.AsSpan().Fill((byte)' ');

        var answer = await owner.UploadAsync($"/v1/apis/{api}/versions/v1/specification", document);

        answer.ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await host.QueryAsync<long>("select count(*) from api_version")).ShouldBe(0);
    }
}
