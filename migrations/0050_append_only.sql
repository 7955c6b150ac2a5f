-- What happened is written once: nobody who works in a workspace can change it or take it away.
revoke update, delete on activities, decisions from throughline_app;
