using System.Text;
using ApiSvc.Gateway.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Gateway.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly Guid One = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Two = new("00000000-0000-0000-0000-000000000002");

    [Theory]
    [InlineData("", "/shop/orders", "/shop/orders")]
    [InlineData("", "/shop/orders/", "/shop/orders")]
    [InlineData("", "/shop/orders/17", "/shop/orders")]
    [InlineData("", "/shop/orders/archive/17", "/shop/orders/archive")]
    [InlineData("", "/shop/orders2", "/shop")]
    [InlineData("", "/shop", "/shop")]
    [InlineData("", "/shops", null)]
    [InlineData("", "/", null)]
    [InlineData("", "/shop;x/orders", null)]
    [InlineData("api.example", "/shop/orders/17", "api.example/shop")]
    [InlineData("API.Example:8443", "/shop/orders/17", "api.example/shop")]
    [InlineData("api.example.", "/shop/orders/17", "api.example/shop")]
    [InlineData("api.example", "/else/17", null)]
    [InlineData("other.example", "/shop/orders/17", "/shop/orders")]
    [InlineData("[::1]:80", "/six/1", "[::1]/six")]
    public void TryMatch_HostAndPath_IsTheLongestOfTheHostFirst(
        string host,
        string path,
        string? expected
    )
    {
        var table = Table(
            ("", "/shop"),
            ("", "/shop/orders"),
            ("", "/shop/orders/archive"),
            ("api.example", "/shop"),
            ("[::1]", "/six")
        );

        Match(table, host, path)?.Api.ShouldBe(expected);
        (Match(table, host, path) is null).ShouldBe(expected is null);
    }

    [Fact]
    public void TryMatch_Match_SaysWhereTheBasePathEnds()
    {
        var table = Table(("", "/shop/orders"), ("", ""));

        Match(table, "", "/shop/orders/17")!.Value.Length.ShouldBe("/shop/orders".Length);
        Match(table, "", "/else")!.Value.ShouldBe(("", 0));
    }

    [Fact]
    public void TryMatch_VersionsShareABasePath_AllAreCandidatesInOrder()
    {
        var table = RouteTable<string>.Empty.With(
            [new(new("", "/shop", Two), "two"), new(new("", "/shop", One), "one")],
            []
        );

        table.TryMatch(default, "/shop/x"u8, out var match).ShouldBeTrue();
        match.Candidates.ToArray().ShouldBe(["one", "two"]);
        table = table.With([new(new("", "/shop", One), "changed")], [new("", "/shop", Two)]);
        table.TryMatch(default, "/shop/x"u8, out match).ShouldBeTrue();
        match.Candidates.ToArray().ShouldBe(["changed"]);
        table.Count.ShouldBe(1);
    }

    [Fact]
    public void With_Changes_LeavesTheTableBeforeAsItWas()
    {
        var before = Table(("", "/a"), ("", "/b"));
        var after = before.With([new(new("", "/c", One), "/c")], [new("", "/a", One)]);

        Match(before, "", "/a").ShouldNotBeNull();
        Match(before, "", "/c").ShouldBeNull();
        Match(after, "", "/a").ShouldBeNull();
        Match(after, "", "/c").ShouldNotBeNull();
        after.With([], [new("", "/b", One), new("", "/c", One)]).Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "/a/")]
    [InlineData("", "/a//b")]
    [InlineData("", "a")]
    [InlineData("", "/a/../b")]
    [InlineData("", "/%41")]
    [InlineData("", "/a;b")]
    [InlineData("", "/a?b")]
    [InlineData("", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17")]
    [InlineData("Api.example", "/a")]
    [InlineData("api.example:80", "/a")]
    public void With_KeyNotInNormalForm_Throws(string host, string basePath)
    {
        var key = new RouteKey(host, basePath, One);

        RouteTable<string>.IsValid(key).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => RouteTable<string>.Empty.With([new(key, "")], []));
    }

    [Fact]
    public void TryMatch_AnyHistoryOfChanges_IsAsSearchingAList()
    {
        var hosts = Gen.Elements("", "", "h", "g.h");
        var paths = Gen.Elements("a", "b", "ab", "c")
            .ArrayOf()
            .Select(s => string.Concat(s.Take(4).Select(x => "/" + x)));
        var keys =
            from host in hosts
            from path in paths
            from version in Gen.Elements(One, Two)
            select new RouteKey(host, path, version);
        var steps =
            from added in keys.ArrayOf()
            from removed in keys.ArrayOf()
            select (Added: added, Removed: removed);
        var requests =
            from host in Gen.Elements("", "h", "G.H:1", "x")
            from path in paths
            select (Host: host, Path: path + "/a");
        var cases =
            from history in steps.ArrayOf()
            from asked in requests.ArrayOf()
            select (History: history, Asked: asked);

        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases.ToArbitrary(),
                test =>
                {
                    var table = RouteTable<string>.Empty;
                    var model = new HashSet<RouteKey>();
                    foreach (var (added, removed) in test.History)
                    {
                        table = table.With(added.Select(k => Entry(k)), removed);
                        model.ExceptWith(removed);
                        model.UnionWith(added);
                        table.Count.ShouldBe(model.Count);
                    }

                    foreach (var (host, path) in test.Asked)
                    {
                        Match(table, host, path).ShouldBe(Model(model, host, path));
                    }
                }
            )
        );
    }

    [Fact]
    public void With_ManyRoutes_AllAreFoundAndAllCanGo()
    {
        RouteKey[] keys =
        [
            .. Enumerable.Range(0, 20_000).Select(i => new RouteKey("", $"/t{i % 200}/a{i}", One)),
        ];
        var table = RouteTable<string>.Empty.With(keys.Select(Entry), []);

        foreach (var key in keys)
        {
            Match(table, "", key.BasePath + "/x")!.Value.Api.ShouldBe(key.BasePath);
        }

        table = keys.Chunk(999).Aggregate(table, (t, gone) => t.With([], gone));
        table.Count.ShouldBe(0);
        Match(table, "", "/t1/a1/x").ShouldBeNull();
    }

    [Fact]
    public void TryMatch_AnyRequest_AllocatesNothing()
    {
        var table = Table(("", "/shop/orders"), ("api.example", "/shop"), ("", "/"));
        Allocations
            .Of(() =>
            {
                table.TryMatch("API.example:443"u8, "/shop/orders/17"u8, out _);
                table.TryMatch(default, "/shop/orders/17"u8, out _);
                table.TryMatch(default, "/none/17"u8, out _);
            })
            .ShouldBe(0);
    }

    private static RouteEntry<string> Entry(RouteKey key) => new(key, key.Host + key.BasePath);

    private static RouteTable<string> Table(params (string Host, string Path)[] routes) =>
        RouteTable<string>.Empty.With(routes.Select(r => Entry(new(r.Host, r.Path, One))), []);

    private static (string Api, int Length)? Match(
        RouteTable<string> table,
        string host,
        string path
    ) =>
        table.TryMatch(Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(path), out var match)
            ? (match.Candidates[0], match.BasePathLength)
            : null;

    private static (string Api, int Length)? Model(
        IEnumerable<RouteKey> keys,
        string host,
        string path
    )
    {
        host = host.Split(':')[0].ToLowerInvariant();
        var best = keys.Where(k => k.Host == "" || k.Host == host)
            .Where(k => (path + "/").StartsWith(k.BasePath + "/", StringComparison.Ordinal))
            .OrderByDescending(k => k.Host.Length)
            .ThenByDescending(k => k.BasePath.Length)
            .Cast<RouteKey?>()
            .FirstOrDefault();
        return best is { } key ? (key.Host + key.BasePath, key.BasePath.Length) : null;
    }
}
