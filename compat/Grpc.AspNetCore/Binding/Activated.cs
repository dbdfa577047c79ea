using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Something made for a call; owned if the call disposes it, not the container.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Activated<T>(T Instance, bool Owned)
    where T : class;

/// <summary>Makes and disposes what a call needs.</summary>
internal static class Activated
{
    /// <summary>The container's service, or a new one.</summary>
    public static Activated<T> Service<T>(IServiceProvider services)
        where T : class =>
        services.GetService<T>() is { } registered
            ? new Activated<T>(registered, Owned: false)
            : new Activated<T>(Factory<T>.Create(services, []), Owned: true);

    public static async Task<TResult> UseAsync<T, TResult>(
        Activated<T> activated,
        Func<T, Task<TResult>> use
    )
        where T : class
    {
        try
        {
            return await use(activated.Instance);
        }
        finally
        {
            if (activated.Owned)
            {
                await DisposeAsync(activated.Instance);
            }
        }
    }

    public static async Task UseAsync<T>(Activated<T> activated, Func<T, Task> use)
        where T : class
    {
        try
        {
            await use(activated.Instance);
        }
        finally
        {
            if (activated.Owned)
            {
                await DisposeAsync(activated.Instance);
            }
        }
    }

    private static ValueTask DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
        {
            return asynchronous.DisposeAsync();
        }

        (instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static class Factory<T>
    {
        public static readonly ObjectFactory<T> Create = ActivatorUtilities.CreateFactory<T>([]);
    }
}
