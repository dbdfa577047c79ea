using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>
/// Puts <see cref="ProblemMiddleware"/> around the whole pipeline, authentication and routing included, which a
/// <c>WebApplication</c> adds before whatever a service adds.
/// </summary>
internal sealed class ProblemEdge : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.UseMiddleware<ProblemMiddleware>();
            next(app);
        };
}
