// Asks for what its manifest does not name.
return await callTool('secret:read', { text: '' });
