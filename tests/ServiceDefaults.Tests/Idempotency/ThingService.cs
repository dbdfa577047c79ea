using System.Security.Claims;
using System.Text;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Tests.Data;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Tests.Idempotency;

/// <summary>A service with one idempotent operation, in memory.</summary>
internal sealed class ThingService(WebApplication app) : IAsyncDisposable
{
    public sealed record Thing(string Name);

    /// <summary>What the handler does between its commit and its answer.</summary>
    public Func<UnitOfWork, Task>? AfterCommit { get; set; }

    public static async Task<ThingService> StartAsync(TestDatabase database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        TestService.Configure(builder, database.ConnectionString, null);
        builder.Configuration["Idempotency:LongestBody"] = "1000";
        var app = builder.Build();
        var service = new ThingService(app);
        app.Use(
            (context, next) =>
            {
                context.User = new ClaimsPrincipal(
                    new CallerIdentity(
                        new Caller
                        {
                            Kind = CallerKind.Client,
                            Subject = context.Request.Headers["X-Caller"].ToString(),
                        }
                    )
                );
                return next();
            }
        );
        app.MapPost("/things", service.CreateAsync).WithIdempotency();
        app.MapPost("/shelves/{shelf}/things", service.CreateAsync).WithIdempotency();
        app.MapPost(
                "/empty",
                async (UnitOfWork work) =>
                {
                    await work.CommitAsync();
                    return Results.NoContent();
                }
            )
            .WithIdempotency();
        app.MapPost(
                "/denied",
                async (UnitOfWork work) =>
                {
                    work.AddAudit(UnitOfWorkTests.Audit("thing_1"));
                    await work.CommitAsync();
                    return Results.StatusCode(StatusCodes.Status403Forbidden);
                }
            )
            .WithIdempotency();
        await app.StartAsync();
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync(CancellationToken.None);
        return service;
    }

    public async Task<HttpResponseMessage> PostAsync(
        string? key,
        string name,
        string caller = "user_1",
        string path = "/things",
        bool chunked = false
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                $$"""{"name":"{{name}}"}""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Add("X-Caller", caller);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await app.GetTestClient().SendAsync(request);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> CreateAsync(Thing thing, UnitOfWork work, HttpContext context)
    {
        var db = await work.OpenAsync(context.RequestAborted);
        var added = await db.ExecuteAsync(
            "insert into thing values (@Name) on conflict do nothing",
            thing
        );
        if (added == 0)
        {
            return new ApiProblem
            {
                Status = 409,
                Code = "thing-exists",
                Detail = $"There is a thing {thing.Name}.",
            };
        }

        work.AddEvent(UnitOfWorkTests.Event(thing.Name));
        await work.CommitAsync(context.RequestAborted);
        if (AfterCommit is { } after)
        {
            await after(work);
        }

        context.Response.Headers.ETag = "\"1\"";
        return Results.Created(
            $"/things/{thing.Name}",
            new { thing.Name, Secret = Guid.NewGuid() }
        );
    }
}
