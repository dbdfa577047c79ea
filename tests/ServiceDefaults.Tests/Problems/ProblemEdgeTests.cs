using System.Net;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Tests.Problems;

public sealed class ProblemEdgeTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _waiting = new();
    private RestHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await RestHost.StartAsync(app =>
        {
            app.MapGet("/boom", string () => throw new InvalidOperationException("inner secret"));
            app.MapGet(
                "/expected",
                string () => throw new ApiProblemException(ApiProblem.NotFound)
            );
            app.MapGet(
                "/bad/{status:int}",
                string (int status) => throw new BadHttpRequestException("inner secret", status)
            );
            app.MapGet("/bare/{status:int}", (int status) => Results.StatusCode(status));
            app.MapGet("/number/{n}", (int n) => n);
            app.MapGet("/needed", (int n) => n);
            app.MapGet("/written", () => Results.Text("mine", statusCode: 409));
            app.MapGet(
                "/begun",
                async (HttpContext context) =>
                {
                    context.Response.ContentLength = 100;
                    context.Response.Headers["X-Begun"] = "1";
                    await Task.Yield();
                    throw new InvalidOperationException("before the first byte");
                }
            );
            app.MapGet(
                "/wait",
                async (CancellationToken gone) =>
                {
                    _waiting.SetResult();
                    await Task.Delay(Timeout.Infinite, gone);
                }
            );
        });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_UnexpectedException_TellsTheIdOnly()
    {
        var answer = await _host.GetAsync("/boom");

        answer.Status.ShouldBe(HttpStatusCode.InternalServerError);
        answer.MediaType.ShouldBe("application/problem+json");
        answer.Text.ShouldNotContain("secret");
        var id = answer.Json.GetProperty("id").GetString()!;
        _host.Log.Entries.ShouldContain(e =>
            e.Level == LogLevel.Error && e.Text.Contains(id) && e.Text.Contains("inner secret")
        );
    }

    [Fact]
    public async Task Get_ExpectedProblem_IsAnsweredAndNotLoggedAsError()
    {
        var answer = await _host.GetAsync("/expected");

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer
            .Json.GetProperty("detail")
            .GetString()
            .ShouldBe("There is no such object, or you may not see it.");
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        _host.Log.Entries.Where(e => e.Level >= LogLevel.Error).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/nowhere", 404, "not-found")]
    [InlineData("/bare/401", 401, "unauthenticated")]
    [InlineData("/bare/403", 403, "forbidden")]
    [InlineData("/bare/418", 418, "refused")]
    [InlineData("/bare/503", 503, "unavailable")]
    [InlineData("/bad/400", 400, "bad-request")]
    [InlineData("/bad/408", 408, "request-timeout")]
    [InlineData("/bad/413", 413, "too-large")]
    [InlineData("/bad/415", 415, "unsupported-media-type")]
    public async Task Get_StatusWithoutBody_BecomesAProblem(string path, int status, string code)
    {
        var answer = await _host.GetAsync(path);

        ((int)answer.Status).ShouldBe(status);
        answer.MediaType.ShouldBe("application/problem+json");
        answer.Code.ShouldBe(code);
        answer.Json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        answer.Text.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Post_WrongMethod_NamesTheRightOnes()
    {
        var answer = await _host.PostAsync("/boom", "{}");

        answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Json.GetProperty("detail").GetString().ShouldBe("Allowed here: GET.");
    }

    [Theory]
    [InlineData("/number/x", "path:n wrong_type")]
    [InlineData("/needed", "query:n required")]
    [InlineData("/needed?n=x", "query:n wrong_type")]
    public async Task Get_ParameterTheFrameworkCannotBind_IsNamed(string path, string violation) =>
        (await _host.GetAsync(path)).Violations.ShouldBe([violation]);

    [Fact]
    public async Task Get_FailureWithItsOwnBody_IsLeftAlone() =>
        (await _host.GetAsync("/written")).Text.ShouldBe("mine");

    [Fact]
    public async Task Get_ExceptionAfterHeadersWereSet_ForgetsThem()
    {
        var answer = await _host.GetAsync("/begun");

        answer.Code.ShouldBe("internal");
        answer.Headers.Keys.ShouldNotContain("X-Begun");
    }

    [Fact]
    public async Task Get_ClientGone_IsNoError()
    {
        using var leave = new CancellationTokenSource();
        var request = _host.Client.GetAsync("/wait", leave.Token);
        await _waiting.Task;

        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(request);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_host.Log.Entries.Any(e => e.Text.Contains("/wait went away")))
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        _host.Log.Entries.Where(e => e.Level >= LogLevel.Error).ShouldBeEmpty();
    }
}
