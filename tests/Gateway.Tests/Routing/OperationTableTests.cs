using System.Text;
using System.Text.RegularExpressions;
using ApiSvc.Gateway.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Gateway.Tests.Routing;

public sealed class OperationTableTests
{
    [Theory]
    [InlineData("GET", "/orders", "GET /orders")]
    [InlineData("GET", "/orders/mine", "GET /orders/mine")]
    [InlineData("GET", "/orders/17", "GET /orders/{id} id=17")]
    [InlineData("DELETE", "/orders/mine", "DELETE /orders/{key} key=mine")]
    [InlineData("GET", "/orders/17.json", "GET /orders/{id}.json id=17")]
    [InlineData("GET", "/orders/a.b.xml", "GET /orders/{name}.{format} name=a.b format=xml")]
    [InlineData("POST", "/orders/17:cancel", "POST /orders/{id}:cancel id=17")]
    [InlineData("POST", "/orders/1:2:cancel", "POST /orders/{id}:cancel id=1:2")]
    [InlineData("GET", "/orders/17/items/3", "GET /orders/{order}/items/{item} order=17 item=3")]
    [InlineData(
        "GET",
        "/orders/mine/items/3",
        "GET /orders/{order}/items/{item} order=mine item=3"
    )]
    [InlineData("GET", "/range(1,9)", "GET /range({from},{to}) from=1 to=9")]
    [InlineData("GET", "/caf%C3%A9", "GET /café")]
    [InlineData("HEAD", "/orders", "GET /orders")]
    [InlineData("GET", "", "GET /")]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "/orders;x=1", "GET /orders")]
    [InlineData("GET", "/orders/17;x=1", "GET /orders/{id} id=17;x=1")]
    [InlineData("GET", "/orders/17.json;x=1", "GET /orders/{id}.json id=17")]
    [InlineData("GET", "/orders/", "404")]
    [InlineData("GET", "/orders/.json", "GET /orders/{id} id=.json")]
    [InlineData("GET", "/Orders", "404")]
    [InlineData("GET", "/orders/17/items", "404")]
    [InlineData("GET", "/range(1)", "404")]
    [InlineData("PUT", "/orders", "405 GET, HEAD, POST")]
    [InlineData("get", "/orders", "405 GET, HEAD, POST")]
    [InlineData("HEAD", "/orders/17:cancel", "GET /orders/{id} id=17:cancel")]
    [InlineData("PATCH", "/orders/mine", "405 DELETE, GET, HEAD")]
    [InlineData("PURGE", "/orders/17:cancel", "405 DELETE, GET, HEAD, POST")]
    public void TryMatch_Request_FindsTheMostConcrete(string method, string path, string expected)
    {
        string[] operations =
        [
            "GET /",
            "GET /orders",
            "POST /orders",
            "GET /orders/{id}",
            "DELETE /orders/{key}",
            "GET /orders/{name}.{format}",
            "GET /orders/{id}.json",
            "POST /orders/{id}:cancel",
            "GET /orders/mine",
            "GET /orders/{order}/items/{item}",
            "GET /range({from},{to})",
            "GET /café",
        ];

        Match(Table(operations), method, path).ShouldBe(expected);
    }

    [Fact]
    public void TryMatch_LiteralInsideAnEncodedByte_DoesNotSplitIt() =>
        Match(Table(["GET /{a}A9{b}"]), "GET", "/x%C3%A9y").ShouldBe("404");

    [Theory]
    [InlineData("/orders/{a}", "same method")]
    [InlineData("/a#b", "character")]
    [InlineData("/a?b=c", "character")]
    [InlineData("a", "slash")]
    [InlineData("/{a", "brace")]
    [InlineData("/a//b", "empty segment")]
    [InlineData("/a/../b", "dot segment")]
    public void Create_OperationThatCannotBeReached_IsLeftOutWithTheReason(
        string template,
        string reason
    )
    {
        var table = Table(["GET /orders/{id}", "GET " + template]);

        table.Count.ShouldBe(1);
        table.Unreachable.ShouldHaveSingleItem().Reason.ShouldContain(reason);
        Match(table, "GET", "/orders/1").ShouldBe("GET /orders/{id} id=1");
    }

    [Fact]
    public void TryMatch_AnyTemplates_IsAsTryingEachAsARegularExpression()
    {
        var segments = Gen.Elements("a", "b", "ab", "{x}", "{x}.b", "a{x}", "{x}:{y}", "");
        var templates = segments
            .ArrayOf()
            .Select(s => "/" + string.Join('/', s.Take(4)))
            .Where(t => !t.Contains("//", StringComparison.Ordinal));
        var operations =
            from method in Gen.Elements("GET", "PUT", "DELETE")
            from template in templates
            select $"{method} {template}";
        var requests =
            from method in Gen.Elements("GET", "PUT", "TRACE", "HEAD")
            from path in Gen.Elements("a", "b", "ab", "a.b", "a:b", "x", "a.b:b.b", "a;b")
                .ArrayOf()
                .Select(s => "/" + string.Join('/', s.Take(4)))
            select (Method: method, Path: path);
        var cases =
            from written in operations.ArrayOf()
            from asked in requests.ArrayOf()
            select (Written: written, Asked: asked);

        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases.ToArbitrary(),
                test =>
                {
                    var table = Table(test.Written);
                    foreach (var (method, path) in test.Asked)
                    {
                        Agree(table, test.Written, method, path);
                    }
                }
            )
        );
    }

    [Fact]
    public void TryMatch_ManyOperations_AllAreFound()
    {
        string[] operations =
        [
            .. Enumerable.Range(0, 5_000).Select(i => $"GET /r{i % 500}/{{id}}/s{i}"),
        ];
        var table = Table(operations);

        foreach (var operation in operations)
        {
            Match(table, "GET", operation[4..].Replace("{id}", "17"))
                .ShouldBe(operation + " id=17");
        }
    }

    [Fact]
    public void TryMatch_TreeOfTwosEverywhere_StaysBounded()
    {
        // Sixteen levels that each offer a literal and a parameter, and no operation at the end of any way but one.
        var template = string.Concat(Enumerable.Repeat("/{x}", 16));
        string[] operations = ["GET " + template + "/end", "GET " + template.Replace("{x}", "a")];
        var path = string.Concat(Enumerable.Repeat("/a", 16)) + "/no";

        Match(Table(operations), "GET", path).ShouldBe("404");
    }

    [Fact]
    public void TryMatch_AnyRequest_AllocatesNothing()
    {
        var table = Table([
            "GET /orders/{id}",
            "GET /orders/{id}/items/{item}.json",
            "GET /orders/a",
        ]);
        var parameters = new PathParameter[table.MaxParameters];
        Allocations
            .Of(() =>
            {
                table.TryMatch("GET"u8, "/orders/17/items/3.json"u8, parameters, out _);
                table.TryMatch("PUT"u8, "/orders/a"u8, parameters, out _);
                table.TryMatch("GET"u8, "/none"u8, parameters, out _);
            })
            .ShouldBe(0);
    }

    private static OperationTable<string> Table(IEnumerable<string> operations) =>
        OperationTable<string>.Create(
            operations.Select(o => new OperationEntry<string>(
                o.Split(' ', 2)[0],
                o.Split(' ', 2)[1],
                o
            ))
        );

    private static string Match(OperationTable<string> table, string method, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var parameters = new PathParameter[table.MaxParameters];
        var result = table.TryMatch(
            Encoding.UTF8.GetBytes(method),
            bytes,
            parameters,
            out var match
        );
        var values = match
            .ParameterNames.ToArray()
            .Select(
                (name, i) =>
                    $" {name}={Encoding.UTF8.GetString(bytes, parameters[i].Start, parameters[i].Length)}"
            );
        return result switch
        {
            OperationResult.Found => match.Operation + string.Concat(values),
            OperationResult.MethodNotAllowed => "405 " + table.Allow(match.Methods),
            _ => "404",
        };
    }

    private static void Agree(
        OperationTable<string> table,
        string[] written,
        string method,
        string path
    )
    {
        var fitting = written.Where(o => Pattern(o.Split(' ')[1]).IsMatch(path)).ToList();
        var wanted = fitting
            .Where(o => o.StartsWith(method + " ", StringComparison.Ordinal))
            .ToList();
        if (wanted.Count == 0 && method == "HEAD")
        {
            wanted = [.. fitting.Where(o => o.StartsWith("GET ", StringComparison.Ordinal))];
        }

        var found = Match(table, method, path);
        if (wanted.Count == 0)
        {
            found.ShouldStartWith(fitting.Count == 0 ? "404" : "405", Case.Sensitive, path);
            return;
        }

        var operation = string.Join(' ', found.Split(' ')[..2]);
        wanted.ShouldContain(operation, path);
        // No other goes before it where the two first differ.
        Rank(operation).ShouldBe(wanted.Max(Rank), $"{path} {string.Join(", ", wanted)}");
    }

    private static string Rank(string operation) =>
        string.Concat(
            operation
                .Split(' ')[1]
                .Split('/')
                .Select(s => !s.Contains('{') ? 9 : Regex.Replace(s, "{.}", "").Length)
        );

    private static Regex Pattern(string template)
    {
        var segments = template[1..]
            .Split('/')
            .Select(s =>
                s == "{x}"
                    ? "[^/]+"
                    : Regex.Replace(Regex.Escape(s), @"\\{.}", "[^/;]+") + "(;[^/]*)?"
            );
        return new($"^/{string.Join('/', segments)}$");
    }
}
