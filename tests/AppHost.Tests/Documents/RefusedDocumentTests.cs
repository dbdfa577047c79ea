using System.Globalization;
using System.Net;
using System.Text;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>Documents that cannot be imported: the answer says what and where, and nothing is changed.</summary>
[Collection<OpenSuiteTests>]
public sealed class RefusedDocumentTests(OpenSuite open, ITestOutputHelper output)
{
    private const string Right = """
        openapi: 3.0.3
        info: { title: t, version: '1' }
        paths:
          /a:
            get: { responses: { '200': { description: ok } } }
        """;

    private static readonly Dictionary<string, byte[]> Wrong = new()
    {
        ["bytes"] = Random(100_000),
        ["image"] = [0x89, .. "PNG\r\n\u001a\n"u8, .. Random(1_000)],
        ["nothing"] = [],
        ["prose"] = "no document at all"u8.ToArray(),
        ["cut"] = "{ \"openapi\": \"3.0.3\", \"info\": { \"ti"u8.ToArray(),
        ["reference"] = Encoding.UTF8.GetBytes(
            Right.Replace(
                "{ responses",
                "{ parameters: [{ $ref: '#/components/parameters/none' }], responses",
                StringComparison.Ordinal
            )
        ),
        ["bomb"] = Bomb(levels: 12),
        ["depth"] = Encoding.ASCII.GetBytes(
            "{\"openapi\":\"3.0.3\",\"x-a\":"
                + new string('[', 100_000)
                + new string(']', 100_000)
                + "}"
        ),
    };

    [Theory]
    [InlineData("bytes", "not_utf8", "")]
    [InlineData("image", "not_utf8", "")]
    [InlineData("nothing", "empty", "")]
    [InlineData("prose", "not_openapi", "Line 1")]
    [InlineData("cut", "malformed", "Line 1")]
    [InlineData("reference", "broken_reference", "Line 5")]
    [InlineData("bomb", "alias_expansion", "Line")]
    [InlineData("depth", "too_deep", "Line 1")]
    public async Task Import_OfAWrongDocument_SaysWhatAndWhereAndChangesNothing(
        string what,
        string code,
        string where
    )
    {
        var api = await open.Shop.NewApiAsync();
        (await ImportAsync(api, "v1", Encoding.UTF8.GetBytes(Right))).Success();
        var before = await CatalogLists.ReadAsync(open.Door, api);

        // In place of the draft that is there, and for a version that is not.
        var replaced = await ImportAsync(api, "v1", Wrong[what]);
        var added = await ImportAsync(api, "v2", Wrong[what]);

        foreach (var answer in (ManagementAnswer[])[replaced, added])
        {
            output.WriteLine($"{what}: {(int)answer.Status} {answer.Text}");
            var violations = answer.ShouldBeProblem(
                HttpStatusCode.BadRequest,
                "invalid-specification"
            );
            violations.ShouldContain(v =>
                v.Contains($"\"{code}\"", StringComparison.Ordinal)
                && v.Contains(where, StringComparison.Ordinal)
            );
        }

        (await CatalogLists.ReadAsync(open.Door, api)).ShouldBe(before);
    }

    private async Task<ManagementAnswer> ImportAsync(string api, string version, byte[] document) =>
        await open.Door.AskAsync(
            await open.Door.Tokens.OfAsync("admin", "catalog"),
            "catalog",
            HttpMethod.Put,
            $"apis/{api}/versions/{version}/specification",
            new ByteArrayContent(document) { Headers = { ContentType = new("application/yaml") } }
        );

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    // Each line repeats the one before it nine times.
    private static byte[] Bomb(int levels)
    {
        var text = new StringBuilder("openapi: 3.0.3\nx-0: &a0 [1,1,1,1,1,1,1,1,1]\n");
        for (var i = 1; i <= levels; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"x-{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"
            );
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
