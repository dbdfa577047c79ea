using System.Reflection;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>The generated method that tells a binder what methods a service has.</summary>
internal sealed record BindMethod(MethodInfo Method, Type BindType)
{
    /// <exception cref="InvalidOperationException">The type does not inherit from a generated base.</exception>
    public static BindMethod Of(Type serviceType)
    {
        for (var type = serviceType; type is not null; type = type.BaseType)
        {
            if (
                type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false)
                is not { } attribute
            )
            {
                continue;
            }

            var method = attribute.BindType.GetMethod(
                attribute.BindMethodName,
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static,
                [typeof(ServiceBinderBase), type]
            );
            return method is null
                ? throw new InvalidOperationException(
                    $"Could not find bind method '{attribute.BindMethodName}' on {attribute.BindType.FullName}."
                )
                : new BindMethod(method, attribute.BindType);
        }

        throw new InvalidOperationException(
            $"Error binding gRPC service '{serviceType.Name}': it does not inherit from a generated service base."
        );
    }

    public void Bind(ServiceBinderBase binder) =>
        Method.Invoke(
            obj: null,
            BindingFlags.DoNotWrapExceptions,
            binder: null,
            [binder, null],
            culture: null
        );
}
