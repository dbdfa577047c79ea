namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that runs with environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that runs with command line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose start can wait for others.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that is there with another one: a database in a server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The other one.</summary>
    IResource Parent { get; }
}

/// <inheritdoc />
/// <typeparam name="T">What the other one is.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    IResource IResourceWithParent.Parent => Parent;

    /// <inheritdoc cref="IResourceWithParent.Parent" />
    new T Parent { get; }
}
