using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Binding;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Interceptors, the outermost first.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    private const DynamicallyAccessedMemberTypes Constructed =
        DynamicallyAccessedMemberTypes.PublicConstructors;

    /// <summary>Without arguments the interceptor is taken from the container if it is there.</summary>
    public void Add<[DynamicallyAccessedMembers(Constructed)] TInterceptor>(params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    public void Add(
        [DynamicallyAccessedMembers(Constructed)] Type interceptorType,
        params object[] args
    )
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        ArgumentNullException.ThrowIfNull(args);
        if (!interceptorType.IsSubclassOf(typeof(Interceptor)))
        {
            throw new ArgumentException(
                $"Type must inherit from {typeof(Interceptor).FullName}.",
                nameof(interceptorType)
            );
        }

        Add(new InterceptorRegistration(interceptorType, args));
    }
}

/// <summary>An interceptor's type, and arguments for its constructor.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        Type = type;
        _arguments = arguments;
    }

    public Type Type { get; }

    public IReadOnlyList<object> Arguments => _arguments;

    /// <summary>The container's interceptor, or a new one.</summary>
    internal Activated<Interceptor> Create(IServiceProvider services) =>
        _arguments.Length == 0 && services.GetService(Type) is Interceptor registered
            ? new Activated<Interceptor>(registered, Owned: false)
            : new Activated<Interceptor>(
                (Interceptor)ActivatorUtilities.CreateInstance(services, Type, _arguments),
                Owned: true
            );
}
