using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Dependencies;
using ApiSvc.Gateway.Management;
using ApiSvc.Gateway.Serving;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Sync;
using ApiSvc.ServiceDefaults.Commands;
using ConfigurationBuilder = ApiSvc.Gateway.State.ConfigurationBuilder;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceEndpoints(endpoints => endpoints.Additional.Add("https"));
builder.AddEdgeDependencies();
builder.Services.AddGatewayStates();
builder.AddManagementRoutes();
builder.AddCallRecords();
builder.AddEdge();
builder.AddStateSync<ConfigurationBuilder, CredentialsBuilder>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSyncStatus();
return await app.RunServiceAsync(args);
